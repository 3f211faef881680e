/** The exit code of the built command when nobody reads its output. `npm run build` comes first. */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { RunFiles } from '../support/run-files.ts';

const MAIN = new URL('../../dist/cli/main.js', import.meta.url).pathname;
const PROFILE = 'samples/GET.resource_providers.prof';

const files = new RunFiles();
let recordings = 0;

beforeAll(() => {
  files.traced('before', 10, 50);
  files.traced('slower', 10, 90);
  files.traced('noisy', 4, 50, { noise: 60 });
  files.traced('noisy-too', 4, 55, { noise: 60 });
});

afterAll(() => {
  files.remove();
});

/** How the output ends, in sh: its reader reads nothing or one line, or there is none from the start. */
const ENDINGS = ['| true', '2>&1 | head -1', '>&- 2>&-'];

const COMMANDS: readonly (readonly [code: number, what: string, args: () => readonly string[]])[] = [
  [0, 'an answer', () => [PROFILE, '--limit', '0']],
  [1, 'nothing matched', () => [PROFILE, '--filter', 'no such function']],
  [2, 'a missing file', () => ['no-such.prof']],
  [3, 'a failed gate', () => ['compare', files.at('before'), files.at('slower'), '--fail-above', '5%']],
  [
    4,
    'an undecided gate',
    () => ['compare', files.at('noisy'), files.at('noisy-too'), '--fail-above', '1%', '--strict'],
  ],
  [
    3,
    'a recorded program',
    () => ['record', '-o', files.at(`${recordings++}`), '--', process.execPath, '-e', 'process.exitCode = 3'],
  ],
];

/** Runs pstat in sh with its output ended in this way. */
async function exitCodeOf(args: readonly string[], ending: string): Promise<number> {
  const quoted = [process.execPath, MAIN, ...args].map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(' ');
  const [command, pipe = ''] = ending.split('|');
  const script = `exec 3>&1 2>/dev/null; { ${quoted} ${command}; echo $? >&3; } ${pipe === '' ? '' : `|${pipe} >/dev/null`}`;
  const child = spawn('sh', ['-c', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  const chunks: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  await once(child, 'close');
  return Number(Buffer.concat(chunks).toString());
}

test.each(ENDINGS)('the exit code is that of the command with %s', async (ending) => {
  const endings = COMMANDS.map(async ([, what, args]) => `${await exitCodeOf(args(), ending)}: ${what}`);
  expect(await Promise.all(endings)).toEqual(COMMANDS.map(([code, what]) => `${code}: ${what}`));
});

test('a script of the shell without end ends when nobody reads the answers', async () => {
  const script = `yes stats | '${process.execPath}' '${MAIN}' shell ${PROFILE} | head -1`;
  const child = spawn('sh', ['-c', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  expect((await once(child, 'close'))[0]).toBe(0);
});

test('a full disk turns success into 2 and leaves a failed gate at 3', async () => {
  expect(await exitCodeOf([PROFILE], '> /dev/full')).toBe(2);
  const gate = ['compare', files.at('before'), files.at('slower'), '--fail-above', '5%'];
  expect(await exitCodeOf(gate, '> /dev/full')).toBe(3);
});
