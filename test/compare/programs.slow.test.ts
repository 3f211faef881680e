/** Programs that are recorded before and after a known change: the verdict must never have the opposite sign. */

import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from 'vitest';
import { pstat } from '../support/cli.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const PROGRAMS = fileURLToPath(new URL('programs/', import.meta.url));
const PSTAT = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));
const RUNS = 5;

let folder = '';

beforeAll(() => {
  folder = temporaryFolder('programs');
});

interface Variant {
  readonly env?: Readonly<Record<string, string>>;
  readonly flags?: readonly string[];
}

/** Records both sides in turn. */
function recordNode(name: string, before: Variant, after: Variant): void {
  for (let run = 0; run < RUNS; run++) {
    for (const [side, { env = {}, flags = [] }] of Object.entries({ before, after })) {
      const output = path.join(folder, name, side, `${run}.cpuprofile`);
      mkdirSync(path.dirname(output), { recursive: true });
      const program = [process.execPath, ...flags, path.join(PROGRAMS, 'work.mjs')];
      execFileSync(process.execPath, [PSTAT, 'record', '-o', output, '--', ...program], {
        env: { ...process.env, ...env },
        stdio: 'ignore',
      });
    }
  }
}

async function verdicts(name: string) {
  const [before, after] = [path.join(folder, name, 'before'), path.join(folder, name, 'after')];
  const forth = JSON.parse((await pstat(['compare', before, after, '--json'])).stdout);
  const back = JSON.parse((await pstat(['compare', after, before, '--json'])).stdout);
  return { forth, back };
}

describe('a Node program', () => {
  test('with eight times the work is slower, and the reverse is faster', { timeout: 180_000 }, async () => {
    recordNode('work', { env: { REPEAT: '4' } }, { env: { REPEAT: '32' } });
    const { forth, back } = await verdicts('work');
    expect([forth.verdict, back.verdict]).toEqual(['slower', 'faster']);
    expect(forth.rows.filter((row: { verdict: string }) => row.verdict === 'faster')).toEqual([]);
  });

  test('without the optimising compilers is slower', { timeout: 180_000 }, async () => {
    const env = { REPEAT: '8' };
    recordNode('jitless', { env }, { env, flags: ['--jitless'] });
    const { forth, back } = await verdicts('jitless');
    expect([forth.verdict, back.verdict]).toEqual(['slower', 'faster']);
  });

  test('without its cache is slower', { timeout: 180_000 }, async () => {
    recordNode('cache', {}, { env: { CACHE: 'off' } });
    const { forth, back } = await verdicts('cache');
    expect([forth.verdict, back.verdict]).toEqual(['slower', 'faster']);
    expect(forth.rows.filter((row: { verdict: string }) => row.verdict === 'faster')).toEqual([]);
  });

  test('with a smaller young generation is never called faster', { timeout: 180_000 }, async () => {
    recordNode('young', {}, { flags: ['--max-semi-space-size=1'] });
    const { forth, back } = await verdicts('young');
    expect(forth.verdict).not.toBe('faster');
    expect(back.verdict).not.toBe('slower');
  });

  test('that waits is slower, and none of its functions is', { timeout: 180_000 }, async () => {
    recordNode('wait', {}, { env: { WAIT: '400' } });
    const { forth } = await verdicts('wait');
    expect(forth.verdict).toBe('slower');
    const called = forth.rows.filter(
      (row: { name: string; verdict: string }) =>
        row.verdict === 'slower' && ['expensive', 'lookUp'].includes(row.name),
    );
    expect(called).toEqual([]);
  });
});

const hasPython = existsSync('/usr/bin/python3') || process.env['CI'] !== undefined;

test.skipIf(!hasPython)('a Python program with eight times the work is slower', { timeout: 120_000 }, async () => {
  for (let run = 0; run < RUNS; run++) {
    for (const [side, repeat] of [
      ['before', '4'],
      ['after', '32'],
    ] as const) {
      const output = path.join(folder, 'python', side, `${run}.prof`);
      mkdirSync(path.dirname(output), { recursive: true });
      execFileSync('python3', ['-m', 'cProfile', '-o', output, path.join(PROGRAMS, 'work.py')], {
        env: { ...process.env, REPEAT: repeat },
        stdio: 'ignore',
      });
    }
  }
  const { forth, back } = await verdicts('python');
  expect([forth.verdict, back.verdict]).toEqual(['slower', 'faster']);
  expect(forth.work).toBeCloseTo(8, 1);
});
