/** The command as it is built: a program that is loaded from compiled code where there is some that fits, and runs all the same. */

import { execFile } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';

const BUILT = path.resolve('dist/cli');
const PROFILE = path.resolve('samples/GET.resource_providers.prof');
const CODE = `program.${process.version}-${process.platform}-${process.arch}.bin`;

/** A copy of the built command, to be tampered with. */
let folder: string;

beforeEach(() => {
  expect(existsSync(BUILT), 'npm run build comes first').toBe(true);
  folder = mkdtempSync(path.join(tmpdir(), 'pstat-compiled-'));
  cpSync(BUILT, folder, { recursive: true });
});

afterEach(() => rmSync(folder, { recursive: true }));

interface Ending {
  readonly stdout: string;
  readonly stderr: string;
  readonly code: unknown;
}

/** Flags for V8 among them would have it refuse what was compiled without. */
const { NODE_OPTIONS: _, ...ENVIRONMENT } = process.env;

function run(args: readonly string[], nodeOptions: readonly string[] = []): Promise<Ending> {
  return new Promise((resolve) => {
    const command = [...nodeOptions, path.join(folder, 'main.js'), ...args];
    execFile(process.execPath, command, { env: ENVIRONMENT }, (error, stdout, stderr) =>
      resolve({ stdout, stderr, code: error === null ? 0 : error.code }),
    );
  });
}

/** Says on stderr what V8 made of compiled code that it was offered. */
const TELL = `data:text/javascript,${encodeURIComponent(`
  import vm from 'node:vm';
  vm.Script = class extends vm.Script {
    constructor(text, options) {
      super(text, options);
      if (options?.cachedData !== undefined) console.error(this.cachedDataRejected ? 'refused' : 'taken');
    }
  };
  import { syncBuiltinESMExports } from 'node:module';
  syncBuiltinESMExports();
`)}`;

test('the build lays compiled code beside the program, and the Node that built it takes it', async () => {
  expect(readdirSync(BUILT).filter((name) => name.endsWith('.bin'))).toHaveLength(1);
  const built = existsSync(path.join(folder, CODE));
  expect((await run([PROFILE], ['--import', TELL])).stderr).toBe(built ? 'taken\n' : '');
});

test.each<[string, () => void]>([
  ['none', () => rmSync(path.join(folder, CODE), { force: true })],
  ['an empty one', () => writeFileSync(path.join(folder, CODE), '')],
  ['noise', () => writeFileSync(path.join(folder, CODE), Buffer.alloc(100_000, 0x5a))],
  ['half of it', () => truncate(path.join(folder, CODE))],
])('the same answer with %s', async (_, tamper) => {
  const expected = await run([PROFILE, '--json']);
  expect(expected.code).toBe(0);
  tamper();
  expect(await run([PROFILE, '--json'])).toEqual(expected);
});

function truncate(file: string): void {
  const bytes = existsSync(file) ? readFileSync(file) : Buffer.from('');
  writeFileSync(file, bytes.subarray(0, bytes.length / 2));
}

test('flags that change what V8 compiles are no obstacle', async () => {
  const expected = await run([PROFILE, '--json']);
  const { stderr, ...answer } = await run([PROFILE, '--json'], ['--no-opt', '--import', TELL]);
  expect({ ...answer, stderr: '' }).toEqual(expected);
  expect(['refused\n', '']).toContain(stderr);
});

test('code that is older than the program is left: it may be that of another text', async () => {
  const program = path.join(folder, 'program.js');
  writeFileSync(program, readFileSync(program, 'latin1').replace('no such file', 'NO SUCH FILE'), 'latin1');
  const later = new Date(Date.now() + 1000);
  utimesSync(program, later, later);
  const { stderr } = await run(['/no-such-file']);
  expect(stderr).toContain('NO SUCH FILE');
});

test.each([
  [['--sort'], 'pstat: --sort needs a value; one that begins with a dash is written --sort=-x\n'],
  [
    ['--sorted', PROFILE],
    'pstat: unknown option --sorted; see `pstat --help`, and write ./--sorted for a file of that name\n',
  ],
  [['/no-such-file'], 'pstat: /no-such-file: no such file or folder\n'],
])('%j is refused in the words that tests of the sources see', async (args, stderr) => {
  expect(await run(args)).toEqual({ stdout: '', stderr, code: 2 });
});

test('a defect has a word and a code of its own, whatever Node makes of rejections', async () => {
  const broken = `data:text/javascript,${encodeURIComponent(`
    process.stdout.write = () => { throw new TypeError('on purpose'); };
  `)}`;
  const { stderr, code } = await run([PROFILE], ['--unhandled-rejections=none', '--import', broken]);
  expect(stderr).toMatch(
    /^pstat: TypeError: on purpose\n(?: {4}at .*\n)+This is a fault of pstat itself; please report it.\n$/,
  );
  expect(code).toBe(1);
});

test('the program is ASCII, which is how it is read', () => {
  expect(readFileSync(path.join(BUILT, 'program.js')).every((byte) => byte < 0x80)).toBe(true);
});

test('a program that waits for what never comes says so', async () => {
  const silence = `data:text/javascript,${encodeURIComponent(`
    const stream = { [Symbol.asyncIterator]: () => ({ next: () => new Promise(() => {}) }) };
    Object.defineProperty(process, 'stdin', { value: stream });
  `)}`;
  expect(await run(['-'], ['--import', silence])).toEqual({
    stdout: '',
    stderr: 'pstat: waited for what never came\nThis is a fault of pstat itself; please report it.\n',
    code: 13,
  });
});
