/**
 * The profiler beside a user of AsyncLocalStorage, under requests of all kinds: plain, streamed, pipelined, aborted, and
 * upgrades. Each file is checked, and no request is lost. `npm run test:soak` sends ten times as many.
 */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import http from 'node:http';
import net from 'node:net';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { PRELOAD, requestFiles } from '../../support/program.ts';
import { findMismatch, foreignFunctions } from '../../support/request-files.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const REQUESTS = Number(process.env['REQUESTS'] ?? 2000);
const CONCURRENCY = 50;
const KINDS = ['alpha', 'beta', 'gamma', 'delta'] as const;

const folder = temporaryFolder('soak');

test.each(['single', 'all'])(
  'every request has a right file or is counted as skipped: concurrency %s',
  async (concurrency) => {
    const dir = path.join(folder, concurrency);
    const variables = { PSTAT_PROFILE_DIR: dir, PSTAT_PROFILE_CONCURRENCY: concurrency };
    const child = spawn(process.execPath, ['--import', PRELOAD, 'test/record/programs/mixed.mjs'], {
      env: { ...process.env, NODE_OPTIONS: '', ...variables },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    let stderr = '';
    child.stderr.on('data', (chunk) => {
      stderr += chunk;
    });
    const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
    const port = Number((await lines.next()).value);

    const errors = await sendAll(port);
    await setTimeout(1000); // the writer is not behind, so that the last request is profiled and tells the skipped ones
    const last = await plain(port, { path: `/alpha/${REQUESTS}?last`, expected: ' *alpha' });
    child.stdin.end();
    const { reached, lostStores } = JSON.parse((await lines.next()).value);
    await once(child, 'close');

    expect([...errors, ...last]).toEqual([]);
    expect([stderr, lostStores]).toEqual(['', 0]);
    const files = requestFiles(dir);
    const skipped = files.reduce((sum, { facts }) => sum + facts.skipped, 0);
    expect(files.length + skipped).toBe(reached);
    expect(new Set(files.map(({ facts }) => facts.number)).size).toBe(files.length);
    expect(files.flatMap(foreignFunctions)).toEqual([]);
    expect(files.flatMap(findMismatch)).toEqual([]);
  },
);

/** Keeps requests in flight; returns what was wrong with responses. */
async function sendAll(port: number): Promise<string[]> {
  const errors: string[] = [];
  let next = 0;
  const client = async () => {
    while (next < REQUESTS) {
      const number = next++;
      const kind = KINDS[number % KINDS.length] ?? 'alpha';
      const target = { path: `/${kind}/${number}`, expected: kind === 'delta' ? 'failed' : kind };
      errors.push(...(await sendOne(port, number, target)));
    }
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, client));
  return errors;
}

interface Target {
  readonly path: string;
  /** The response, as a regular expression. */
  readonly expected: string;
}

function sendOne(port: number, number: number, target: Target): Promise<string[]> {
  switch (Math.floor(number / KINDS.length) % 6) {
    case 0:
      return pipelined(port, target);
    case 1:
      return upgrade(port, target);
    case 2:
      return aborted(port, target);
    case 3:
      return plain(port, { path: `${target.path}?stream`, expected: ` {3}${target.expected}` });
    default:
      return plain(port, target);
  }
}

async function plain(port: number, { path: url, expected }: Target): Promise<string[]> {
  const text = await new Promise<string>((resolve) => {
    const request = http.get({ host: '127.0.0.1', port, path: url, agent: false }, (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (chunk: string) => {
        body += chunk;
      });
      response.on('close', () => resolve(body));
    });
    request.on('error', (error) => resolve(error.message));
  });
  return new RegExp(`^${expected}$`).test(text) ? [] : [`${url}: ${text}`];
}

/** Three requests at once on one connection. */
async function pipelined(port: number, { path: url, expected }: Target): Promise<string[]> {
  const requests = ['a', 'b', 'c'].map(
    (part) => `GET ${url}?${part} HTTP/1.1\r\nHost: x\r\n${part === 'c' ? 'Connection: close\r\n' : ''}\r\n`,
  );
  const text = await exchange(port, requests.join(''));
  const found = text.match(new RegExp(`\\r\\n${expected}(?=HTTP|\\r\\n|$)`, 'g')) ?? [];
  return found.length === 3 ? [] : [`${url}, pipelined: ${text}`];
}

async function upgrade(port: number, { path: url }: Target): Promise<string[]> {
  const text = await exchange(port, `GET ${url} HTTP/1.1\r\nHost: x\r\nUpgrade: echo\r\nConnection: Upgrade\r\n\r\n`);
  return text.startsWith('HTTP/1.1 101 ') ? [] : [`${url}, upgrade: ${text}`];
}

async function aborted(port: number, { path: url }: Target): Promise<string[]> {
  const request = http.get({ host: '127.0.0.1', port, path: url, agent: false });
  request.on('error', () => {});
  await setTimeout(1);
  request.destroy();
  return [];
}

/** Sends bytes on a connection of their own and returns everything that comes back. */
function exchange(port: number, bytes: string): Promise<string> {
  return new Promise((resolve) => {
    let text = '';
    const socket = net.connect(port, '127.0.0.1', () => socket.write(bytes));
    socket.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
    });
    socket.on('error', (error) => resolve(error.message)).on('close', () => resolve(text));
  });
}
