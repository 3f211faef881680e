/** `pstat ab --requests`: servers run in turn, with a load on each. */

import { createServer } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Repository } from '../support/ab.ts';

let repository: Repository;
let port: number;

/** `parse` takes `factor` times as long. */
const server = (factor: number) => `
const http = require('node:http');
const parse = (count) => { let sum = 0; for (let i = 0; i < count; i++) sum = (sum * 31 + i) % 65521; return sum; };
function encode() { let sum = 0; for (let i = 0; i < 1500000; i++) sum = (sum * 33 + i) % 65519; return sum; }
const serve = (request, response) => {
  if (request.url === '/crash') process.exit(7);
  response.end(String(parse(request.url === '/health' ? 10 : ${factor * 1_500_000}) + encode()));
};
setTimeout(() => http.createServer(serve).listen(Number(process.env.PORT), '127.0.0.1'), 150);
`;

const load = (paths: string) => `
(async () => {
  for (const path of ${paths}) await (await fetch('http://127.0.0.1:' + process.env.PORT + path)).text();
})().catch((error) => { console.error(String(error)); process.exitCode = 3; });
`;

beforeEach(async () => {
  repository = new Repository();
  port = await freePort();
  process.env['PORT'] = String(port);
  repository.write('load.js', load("['/users/1', '/users/2', '/users/3', '/health', '/users/4', '/users/5']"));
  repository.commit(server(1), 'first', 'server.js');
});
afterEach(() => repository.remove());

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}

const ab = (...words: string[]) => repository.ab([...words, 'HEAD', '--', 'node', 'server.js']);
const withLoad = (command = 'node load.js') => ['--requests', '/users/{id}', '--load', command];

test('each run is a process, and only requests of the pattern count', async () => {
  repository.write('server.js', server(8));
  const { stdout, code } = await ab('-n', '6', '--json', ...withLoad());
  const answer = JSON.parse(stdout);
  expect({ code, view: answer.view, basis: answer.basis }).toEqual({ code: 0, view: 'compare', basis: 'busy' });
  expect(answer.before).toMatchObject({ runs: 6, requests: 30 });
  expect({ verdict: answer.verdict, paired: answer.paired }).toEqual({ verdict: 'slower', paired: true });
  expect(answer.rows[0]).toMatchObject({ name: 'parse', file: 'server.js', verdict: 'slower', status: 'matched' });
  expect(repository.leftBehind()).toEqual([]);
});

test('several routes make a row each, and a gate judges them', async () => {
  repository.write('server.js', server(8));
  const words = ['-n', '7', '--fail-above', '5%', '--requests', '/', '--load', 'node load.js'];
  const { stdout, code } = await ab(...words);
  expect(stdout).toMatch(/slower .* GET \/users\/\{id\}/);
  expect(stdout).toContain('GET /health');
  expect(stdout).toContain('--requests ROUTE compares its functions');
  expect(code).toBe(3);
});

describe('ab ends with the output of what fails:', () => {
  test('a load, and a pattern that nothing matches', async () => {
    const hash = repository.hash();
    const failed = await ab(...withLoad('echo no such host; exit 3'));
    expect(failed.stderr).toContain(
      `no such host\npstat: the load on HEAD (${hash}) exited with code 3; what it printed is above`,
    );
    const silent = await ab(...withLoad('true'));
    expect(silent.stderr).toContain(`the run of HEAD (${hash}) recorded no request: the load must send`);
    const unmatched = await ab('-n', '2', '--requests', '/teams', '--load', 'node load.js');
    expect(unmatched.stderr).toContain("no request matches '/teams'; recorded are GET /health, GET /users/{id}");
    expect([failed.code, silent.code, unmatched.code]).toEqual([2, 2, 1]);
    expect(unmatched.stderr).toMatch(/the same command with --dir \S+ goes on/);
  });

  test('a server that lets no profiler in', async () => {
    const option = Number(process.versions.node.split('.')[0]) >= 24 ? '--permission' : '--experimental-permission';
    const server = ['node', '--no-warnings', option, '--allow-fs-read=*', 'server.js'];
    const { stderr, code } = await repository.ab([...withLoad(), 'HEAD', '--', ...server]);
    expect(stderr).toContain('recorded no request: the permission model (--permission) does not let a profiler in');
    expect(code).toBe(2);
    expect(repository.leftBehind()).toEqual([]);
  });

  test('a server that ends before it listens, or under the load', async () => {
    const hash = repository.hash();
    repository.write('crash.js', load("['/users/1', '/crash']"));
    const underLoad = await ab(...withLoad('node crash.js'));
    expect(underLoad.stderr).toContain(`the server of HEAD (${hash}) exited with code 7 while the load ran`);
    repository.commit("console.log('no database'); process.exit(4);", 'second', 'server.js');
    const early = await ab(...withLoad());
    expect(early.stderr).toContain('no database\npstat: the server of HEAD (');
    expect(early.stderr).toContain('exited with code 4 before it opened a port; what it printed is above');
    expect(repository.leftBehind()).toEqual([]);
  });
});

test('after Ctrl+C the server is gone, and the same command goes on', async () => {
  const words = [
    '-n',
    '3',
    '--dir',
    `${repository.dir}/runs`,
    ...withLoad(),
    'HEAD',
    '--',
    'sh',
    '-c',
    'node server.js',
  ];
  const stopped = await repository.ab(words, { at: 'block 2 of 3' });
  expect(stopped).toMatchObject({ signal: 'SIGINT', stderr: expect.stringContaining('stopped after 1 of 3') });
  await expect(fetch(`http://127.0.0.1:${port}/health`)).rejects.toThrow();
  const { stderr, code } = await repository.ab(words);
  expect({ code, first: stderr.includes('block 1 of 3'), last: stderr.includes('block 3 of 3') }).toEqual({
    ...{ code: 0, first: false, last: true },
  });
  expect(repository.leftBehind()).toEqual([]);
});
