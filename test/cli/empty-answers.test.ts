/** What an answer without rows says: never that nothing was recorded if samples were taken. */

import { describe, expect, test } from 'vitest';
import { pstat } from '../support/cli.ts';
import { plain, tree } from '../support/documents.ts';

function file(change: object): Uint8Array {
  return Buffer.from(JSON.stringify({ ...plain(), ...change }));
}

const IDLE = file({ samples: [4, 4, 4, 4] });
const TIMELESS = file({ timeDeltas: [0, 0, 0, 0], startTime: 0, endTime: 0 });
const EMPTY = file({ nodes: [{ ...tree()[0], children: [] }], samples: [], timeDeltas: [] });

const answer = async (command: string, stdin: Uint8Array) =>
  (await pstat([...command.split(' '), '-'], { stdin })).stdout;

describe.each(['top', 'top --by package', 'top --by owner', 'tree', 'flame'])('%s', (command) => {
  test('says that all samples were idle', async () => {
    expect(await answer(command, IDLE)).toContain('4 samples, all idle; --idle shows them.');
  });

  test('says that nothing was recorded where there is no sample', async () => {
    expect(await answer(command, EMPTY)).toContain('Nothing was recorded: the profile has no samples.');
  });

  test('notes that no time passes between the samples', async () => {
    const text = await answer(command, TIMELESS);
    expect(text).toContain('no time passes between the samples of the file');
    expect(text).not.toContain('Nothing was recorded');
    expect(text).not.toContain('?% of');
  });
});

test('a picture and a tree of samples without times say so', async () => {
  expect(await answer('tree', TIMELESS)).toContain('4 samples, and no time is known of them.');
  expect(await answer('flame', TIMELESS)).toContain('4 samples, and no time is known of them.');
});

test.each(['tree', 'flame'])('a %s from a function that is in other stacks alone says so', async (command) => {
  const stacks = Buffer.from('first;inner 20\nsecond 10\n');
  expect(await answer(`${command} --root inner --focus second`, stacks)).toContain('in the stacks that are left');
  expect(await answer(`${command} --root nothing`, stacks)).toContain('No function matches; ');
});

test('a table of one function does not call it all', async () => {
  const nodes = [{ ...tree()[0], children: [8] }, tree()[7]];
  expect(await answer('top', file({ nodes, samples: [8, 8, 8, 8] }))).toContain('\n1 function by tottime, 100.0%');
});

test('a tree of one line shows the costliest row, also where rows beside it are cut', async () => {
  const text = await answer('tree --limit 1', Buffer.from('first;inner 20\nsecond 10\n'));
  expect(text).toMatch(/ {2}first → inner/);
  expect(text).toContain('\n1 row by cumtime; … was cut');
});
