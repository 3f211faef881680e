/** `pstat attach --sources` and `record --sources`: source maps that a program holds in memory, as tsx does. */

import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const PSTAT = path.resolve('dist/cli/main.js');

let dir: string;
let program: ChildProcess | null = null;

beforeEach(() => {
  dir = temporaryFolder('sources');
});

afterEach(() => {
  program?.kill('SIGKILL');
});

/** What hot() is made of, on line 3 of a file that is nowhere else; each call takes 100 ms. */
const SOURCE = `// app.ts\n\nfunction hot(): void {
  const end = Date.now() + 100; let n = 0; while (Date.now() < end) n += JSON.stringify({ n }).length;
}\n`;

const MAP = { version: 3, sources: ['app.ts'], sourcesContent: [SOURCE], names: [], mappings: 'AAEA' };

/** No file has the map: as tsx does it, and webpack with `eval-source-map`. The debugger would stop in it. */
const GENERATED = `function hot() { debugger; const end = Date.now() + 100; let n = 0; while (Date.now() < end) n += JSON.stringify({ n }).length; ${'n = (n * 7 + 3) % 1000;'.repeat(100)} }
//${'#'} sourceMappingURL=data:application/json;base64,${Buffer.from(JSON.stringify(MAP)).toString('base64')}`;

const PROGRAM = `new (require('node:vm').Script)(${JSON.stringify(GENERATED)}, { filename: 'webpack-internal:///./app.ts' }).runInThisContext();`;

/** Answers one request of its own. */
const SERVER = `const { createServer, get } = require('node:http');
  const server = createServer((request, response) => { hot(); response.end(); }).listen(0, '127.0.0.1', () => {
    get({ port: server.address().port, agent: false }, (answer) => answer.resume().on('end', () => server.close()));
  });`;

const ENV = { ...process.env, NODE_OPTIONS: '', NO_COLOR: '1' };

function pstat(...args: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [PSTAT, ...args], {
    cwd: dir,
    env: ENV,
    encoding: 'utf8',
  });
  expect(status, stderr).toBe(0);
  return { stdout, stderr };
}

function write(source: string): string {
  const file = path.join(dir, 'app.cjs');
  writeFileSync(file, `${PROGRAM}\n${source}`);
  return file;
}

function scriptsIn(file: string) {
  const { pstat: kept } = JSON.parse(readFileSync(path.join(dir, file), 'utf8'));
  return kept.scripts as readonly { url: string; source: string; sourceMap?: object }[] | undefined;
}

describe.skipIf(process.platform !== 'linux')('attach', () => {
  async function start(): Promise<string> {
    const file = write('setInterval(hot, 150); console.log("ready");');
    // V8 counts a function whose loop it had compiled (OSR) before the recording began for its caller.
    program = spawn(process.execPath, ['--no-use-osr', '--inspect-port=0', file], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    if (program.stdout !== null) await once(program.stdout, 'data');
    return String(program.pid);
  }

  test('keeps maps and texts with --sources, so that another machine lists the source', async () => {
    const pid = await start();
    const { stdout } = pstat('attach', pid, '--for', '1500ms', '--sources', '-o', 'app.cpuprofile');
    expect(stdout).toMatch(/hot +\S*app\.ts:3/);
    const scripts = scriptsIn('app.cpuprofile') ?? [];
    expect(scripts.map(({ url }) => url).filter((url) => url.startsWith('node:'))).toEqual([]);
    expect(scripts.find(({ url }) => url.endsWith('app.ts'))).toMatchObject({ sourceMap: MAP, source: GENERATED });
    expect(pstat('list', 'hot', 'app.cpuprofile').stdout).toMatch(/ 3 +function hot\(\): void \{/);
    expect(pstat('list', 'hot', 'app.cpuprofile', '--source-map', 'off').stdout).toContain('debugger;');
    // The program goes on.
    const again = pstat('attach', pid, '--for', '1500ms', '-o', 'again.cpuprofile');
    expect(again.stdout).toMatch(/hot +\S*app\.ts:1/);
    expect(again.stderr).toContain('pstat: --sources keeps the source maps that the program holds in memory\n');
    expect(scriptsIn('again.cpuprofile')).toBe(undefined);
  });

  test('keeps them in the files of stalls', async () => {
    const pid = await start();
    const args = ['attach', pid, '--on-stall', '50ms', '--for', '2s', '--sources', '--dir', 'stalls'];
    const child = spawn(process.execPath, [PSTAT, ...args], { cwd: dir, env: ENV });
    const [stderr] = await Promise.all([text(child.stderr), text(child.stdout), once(child, 'close')]);
    const [file = ''] = readdirSync(path.join(dir, 'stalls'));
    expect(scriptsIn(path.join('stalls', file)), stderr).toMatchObject([{ sourceMap: MAP, source: GENERATED }]);
  });
});

describe('record', () => {
  test.each([
    [['--last', '60s', '-o', 'app.cpuprofile'], 'hot();'],
    [['--sources', '--on-stall', '80ms', '--dir', '.'], 'setTimeout(hot, 300); setTimeout(() => {}, 1000);'],
    [['--requests', '--sources', '--dir', '.'], SERVER],
  ])('keeps maps with %j', (options, source) => {
    pstat('record', ...options, '--', process.execPath, write(source));
    const [file = ''] = readdirSync(dir).filter((name) => /\.(?:cpuprofile|prof)$/.test(name));
    const script = scriptsIn(file)?.find(({ url }) => url.endsWith('app.ts'));
    expect(script?.sourceMap).toMatchObject({ sources: MAP.sources, mappings: MAP.mappings });
    expect(script?.source).toBe(options.includes('--sources') ? GENERATED : undefined);
  });
});
