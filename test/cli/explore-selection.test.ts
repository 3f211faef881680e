/** Tests that what is selected in the explorer is one function, also where several have its name and line. */

import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { pstat } from '../support/cli.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { KEYS, openTerminal } from '../support/terminal.ts';

const FILE = path.join(temporaryFolder('selection'), 'bundle.cpuprofile');

/** The functions of a bundle lie on one line: first calls the one at column 11, second the hotter one at column 51. */
function frame(id: number, functionName: string, columnNumber: number, children: readonly number[] = []) {
  const url = functionName === '(root)' ? '' : 'file:///srv/app/bundle.js';
  const lineNumber = functionName === '(root)' ? -1 : 0;
  return { id, callFrame: { functionName, scriptId: '1', url, lineNumber, columnNumber }, hitCount: 0, children };
}

writeFileSync(
  FILE,
  JSON.stringify({
    nodes: [
      frame(1, '(root)', -1, [2, 4]),
      frame(2, 'first', 100, [3]),
      frame(3, '', 10),
      frame(4, 'second', 200, [5]),
      frame(5, '', 50),
    ],
    startTime: 0,
    endTime: 5000,
    samples: [3, 5, 5, 5],
    timeDeltas: [1000, 1000, 1000, 1000],
  }),
);

/** keys from the table, whose second row is the cooler of the two */
const KEYS_OF = { focus: 'f1', callers: '4', source: '5' };

test.each(Object.entries(KEYS_OF))('one of two functions on a line is shown and printed: %s', async (_, keys) => {
  const terminal = await openTerminal(['explore', FILE], 500, 24);
  await terminal.type('1', KEYS.down, ...keys);
  const screen = terminal.screen();
  expect(screen.join('\n')).toContain('bundle.js:1:11');
  expect(screen.join('\n')).not.toMatch(/second|1:51/);
  for (const words of terminal.commands()) {
    const { stdout, code } = await pstat(words, { columns: 200 });
    expect(code).toBe(0);
    expect(stdout).toContain('bundle.js:1:11');
    expect(stdout).not.toMatch(/second|1:51/);
  }
  await terminal.type('\x03');
  await terminal.exit;
});

test('the first screen leads no further than to boxes that are wide enough for a name', async () => {
  const file = path.join(temporaryFolder('selection'), 'split.cpuprofile');
  const callees = Array.from({ length: 25 }, (_, i) => i + 3);
  const nodes = [
    frame(1, '(root)', -1, [2]),
    frame(2, 'main', 1, callees),
    ...callees.map((id) => frame(id, `f${id}`, id)),
  ];
  const samples = [...callees, ...callees];
  writeFileSync(
    file,
    JSON.stringify({ nodes, startTime: 0, endTime: 50_000, samples, timeDeltas: samples.map(() => 1000) }),
  );
  const terminal = await openTerminal(['explore', file], 100, 24);
  expect(terminal.selected().join('\n')).toMatch(/›main/);
  await terminal.type('\x03');
  await terminal.exit;
});
