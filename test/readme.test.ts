/** Every `$ pstat` block of the README is run, and the program in it too. `npm run test:update` writes them anew. */

import { readFile } from 'node:fs/promises';
import http from 'node:http';
import { expect, test } from 'vitest';
import { pstat } from './support/cli.ts';

/** A session at a terminal is no block of this kind; the shell has tests of its own. */
const BLOCK = /^```console\n\$ pstat (?!shell )(.*)\n[\s\S]*?^```$/gm;

test('the screens in the README are what pstat prints', async () => {
  let text = await readFile('README.md', 'utf8');
  const blocks = [...text.matchAll(BLOCK)];
  expect(blocks.length).toBeGreaterThan(3);
  for (const [block, command = ''] of blocks) {
    const { stdout, stderr } = await pstat(command.split(' '), { columns: 80, env: { NO_COLOR: '1' } });
    expect(stderr).toBe('');
    text = text.replace(block, () => `\`\`\`console\n$ pstat ${command}\n${stdout}\`\`\``);
  }
  await expect(text).toMatchFileSnapshot('../README.md');
});

test('the program in the README runs', async () => {
  const program = /^```ts\n([\s\S]*?)^```$/m.exec(await readFile('README.md', 'utf8'))?.[1] ?? '';
  const built = new URL('../dist/index.js', import.meta.url).href;
  const { execFile } = await import('node:child_process');
  const source = program.replace("'pstat-cli'", JSON.stringify(built));
  const output = await new Promise<string>((resolve, reject) => {
    execFile(process.execPath, ['--input-type=module', '--eval', source], (error, stdout) =>
      error === null ? resolve(stdout) : reject(error),
    );
  });
  expect(output).toContain('encodeJson');
  expect(output).toContain("[ 'serializeProvider' ]");
});

test.each([
  [
    'the README',
    async () => /^```js\n(import \{ profiler \}[\s\S]*?)^```$/m.exec(await readFile('README.md', 'utf8'))?.[1],
    2,
  ],
  [
    'pstat help profiler',
    async () => (await pstat(['help', 'profiler'])).stdout.match(/^ {2}\S.*profiler\(.*$/gm)?.join('\n'),
    4,
  ],
])('the ways to profile requests in %s are accepted', async (_, read, number) => {
  const uses = ((await read()) ?? '').replace(/^import .*$/m, '');
  const { profiler } = await import('../src/index.ts');
  const handler = () => {};
  const app = { use: handler };
  const koa = { callback: () => handler };
  const fastify = (options: { serverFactory: (listener: () => void) => unknown }) => options.serverFactory(handler);
  const run = new Function('profiler', 'http', 'app', 'koa', 'handler', 'fastify', 'createServer', uses);
  expect(uses.match(/profiler\(/g)).toHaveLength(number);
  run(profiler, http, app, koa, handler, fastify, http.createServer);
});
