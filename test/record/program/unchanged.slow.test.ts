/**
 * `pstat record` does not change what it watches: programs start, print, react to signals and end as without it. A run
 * draws some of the combinations by a seed; `node test/fuzz/fuzz-record.mjs` runs all of them. PSTAT_TEST_SEED repeats
 * a run.
 */

import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { drawCases, findNode, PSTAT, runCase, VERSIONS } from '../../fuzz/recorded-programs.mjs';
import { seeded } from '../../support/seeded.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const SEED = process.env['PSTAT_TEST_SEED'] ?? String(Date.now());
const next = seeded(SEED);
const random = () => next(2 ** 30) / 2 ** 30;

const nodes = new Map(VERSIONS.map((version) => [version, findNode(version)]));
const available = VERSIONS.filter((version) => nodes.get(version) !== null);

const isInCi = process.env['CI'] !== undefined;

describe(`with the seed ${SEED}`, () => {
  for (const version of VERSIONS) {
    test(`npm has Node ${version}`, ({ skip }) => {
      if (!isInCi && nodes.get(version) === null) skip(`npm does not have node@${version}`);
      expect(nodes.get(version)).not.toBeNull();
    });
  }

  test.concurrent.each(
    drawCases(available, 150, random).map(
      (drawn) => [drawn.program, drawn.version, drawn.flags.join(' '), drawn] as const,
    ),
  )('%s, Node %s %s: ends as alone', async (_program, version, _flags, drawn) => {
    const { alone, recorded } = await runCase(drawn, nodes.get(version) ?? '');
    expect(recorded).toEqual(alone);
  });
});

test.each(available)('a process.hrtime that throws, Node %s: ends as alone', async (version) => {
  const { alone, recorded } = await runCase({ program: 'hrtime throws', version, flags: [] }, nodes.get(version) ?? '');
  expect(recorded).toEqual(alone);
});

test.each(available)('Node %s is recorded', (version) => {
  const program = ['-e', 'const end = Date.now() + 300; while (Date.now() < end);'];
  const command = [PSTAT, 'record', '-o', 'x.cpuprofile', '--', nodes.get(version) ?? '', ...program];
  const { stderr } = spawnSync(process.execPath, command, { cwd: temporaryFolder('recorded'), encoding: 'utf8' });
  expect(stderr).toMatch(/^pstat: wrote x\.cpuprofile: /);
});

describe(`signals at random moments, with the seed ${SEED}`, () => {
  const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const;
  const PROGRAM =
    'const t = Date.now(); while (Date.now() - t < 300); setInterval(() => {}, 100); setTimeout(() => {}, 9e9)';
  /** ms. Half of the signals come while pstat and the program start. */
  const drawDelay = () => (next(2) === 0 ? next(300) : next(1500));
  const moments = Array.from({ length: 200 }, () => ({
    signal: SIGNALS[next(SIGNALS.length)] ?? 'SIGINT',
    delay: drawDelay(),
  }));

  test('leave no process and no folder', async () => {
    const temporary = temporaryFolder('signals');
    const mark = path.basename(temporary);
    try {
      for (let i = 0; i < moments.length; i += 4) {
        await Promise.all(moments.slice(i, i + 4).map((moment) => sendSignal(moment, { temporary, mark })));
      }
      expect(readdirSync(temporary).filter((name) => name.startsWith('pstat-record-'))).toEqual([]);
      expect(processesWith(mark)).toEqual([]);
    } finally {
      rmSync(temporary, { recursive: true, force: true });
    }
  });

  async function sendSignal(
    { signal, delay }: (typeof moments)[number],
    { temporary, mark }: { temporary: string; mark: string },
  ): Promise<void> {
    const args = [PSTAT, 'record', '--dir', path.join(temporary, 'out'), '--', process.execPath, '-e', PROGRAM, mark];
    const env = { ...process.env, NODE_OPTIONS: '', TMPDIR: temporary };
    const child: ChildProcess = spawn(process.execPath, args, { env, stdio: 'ignore', detached: true });
    const closed = once(child, 'close');
    setTimeout(() => child.kill(signal), delay);
    await closed;
    expect(child.signalCode).toBe(signal);
  }
});

/** The command lines that hold a word. Linux only: elsewhere none. */
function processesWith(mark: string): string[] {
  const pids = process.platform === 'linux' ? readdirSync('/proc').filter((name) => /^\d+$/.test(name)) : [];
  return pids.flatMap((pid) => {
    try {
      const line = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
      return line.includes(`${mark} `) && line.includes('setInterval') ? [line] : [];
    } catch {
      return [];
    }
  });
}
