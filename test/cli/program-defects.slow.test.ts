/** The built command in a process of its own. `npm run build` comes first. */

import { execFile } from 'node:child_process';
import { expect, test } from 'vitest';

const MAIN = new URL('../../dist/cli/main.js', import.meta.url).pathname;
const PROFILE = 'samples/GET.resource_providers.prof';

interface Ending {
  readonly stdout: string;
  readonly stderr: string;
  readonly code: unknown;
}

/** @param preload JavaScript that runs before the command */
function runWith(preload: string, args: readonly string[], nodeOptions: readonly string[] = []): Promise<Ending> {
  const module = `data:text/javascript,${encodeURIComponent(preload)}`;
  return new Promise((resolve) => {
    execFile(process.execPath, [...nodeOptions, '--import', module, MAIN, ...args], (error, stdout, stderr) => {
      resolve({ stdout, stderr, code: error === null ? 0 : error.code });
    });
  });
}

test('a defect prints its stack and exits with 70, whatever --unhandled-rejections says', async () => {
  const preload = `process.stdout.write = () => { throw new TypeError('on purpose'); };`;
  const { stderr, code } = await runWith(preload, [PROFILE], ['--unhandled-rejections=none']);
  expect(stderr).toMatch(
    /^pstat: internal error: TypeError: on purpose\n(?: {4}at .*\n)+This is a bug in pstat; please report it.\n$/,
  );
  expect(code).toBe(70);
});

test('what a defect says acts on no terminal, and is no longer than lines are', async () => {
  const text = `\u001b]52;c;eA==\u0007 \u202e ${'x'.repeat(10_000)}`;
  const preload = `process.stdout.write = () => { throw new TypeError(${JSON.stringify(text)}); };`;
  const { stderr, code } = await runWith(preload, [PROFILE]);
  expect(stderr).toMatch(
    /^pstat: internal error: TypeError: \\x1b\]52;c;eA==\\x07 \\u202e x+…x+\n(?: {4}at .*\n)+This/,
  );
  expect(stderr).not.toMatch(/[^\n\x20-\x7e…]/);
  expect(stderr.length).toBeLessThan(3000);
  expect(code).toBe(70);
});

test('a promise that never settles is reported as a defect and exits with 70', async () => {
  const preload = `
    const stream = { [Symbol.asyncIterator]: () => ({ next: () => new Promise(() => {}) }) };
    Object.defineProperty(process, 'stdin', { value: stream });
  `;
  expect(await runWith(preload, ['-'])).toEqual({
    stdout: '',
    stderr: 'pstat: internal error: a promise never settled\nThis is a bug in pstat; please report it.\n',
    code: 70,
  });
});

test('an exception in a reader prints its stack and exits with 70', async () => {
  const preload = `
    const bytes = Buffer.from('{"nodes":[]}');
    Object.defineProperty(bytes, 'length', { get() { throw new RangeError('on purpose'); } });
    const stream = { async *[Symbol.asyncIterator]() { yield bytes; } };
    Object.defineProperty(process, 'stdin', { value: stream });
  `;
  const { stderr, code } = await runWith(preload, ['-']);
  expect(stderr).toMatch(/^pstat: internal error: RangeError: on purpose\n {4}at /);
  expect(code).toBe(70);
});
