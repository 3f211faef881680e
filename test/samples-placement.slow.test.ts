/** Tests samples/placement: the service in both variants, its load, and record-before-after.js. */

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { pstat } from './support/cli.ts';
import { temporaryFolder } from './support/temporary-folder.ts';

const HOME = 'samples/placement';
const CONSUMER = '00000000-0000-4000-a000-000000000001';

interface Ended {
  readonly stdout: string;
  readonly stderr: string;
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

function start(program: string, args: readonly string[]): ChildProcess {
  return spawn(process.execPath, [`${HOME}/${program}`, ...args], { stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
}

/** The streams end when the child and all servers that it started have ended. */
async function ended(child: ChildProcess): Promise<Ended> {
  const { stdout, stderr } = child;
  if (stdout === null || stderr === null) throw new TypeError('no pipes');
  const [out, err] = await Promise.all([text(stdout), text(stderr), once(child, 'close')]);
  return { stdout: out, stderr: err, code: child.exitCode, signal: child.signalCode };
}

function run(program: string, ...args: readonly string[]): Promise<Ended> {
  return ended(start(program, args));
}

async function startServer(variant: string): Promise<{ child: ChildProcess; url: string }> {
  const child = start('server.js', [variant, '0']);
  const [{ port }] = await once(child, 'message');
  return { child, url: `http://127.0.0.1:${port}` };
}

function newFolder(): string {
  return temporaryFolder('placement');
}

describe('the service', () => {
  let servers: { child: ChildProcess; url: string }[] = [];

  beforeAll(async () => {
    servers = await Promise.all(['before', 'after'].map(startServer));
  });

  afterAll(async () => {
    for (const { child } of servers) child.kill();
    await Promise.all(servers.map(({ child }) => once(child, 'exit')));
  });

  interface Question {
    readonly method?: string;
    readonly body?: unknown;
    readonly version?: string;
  }

  /** Returns the response of both variants, which must be equal. */
  async function ask(route: string, { method = 'GET', body, version = '1.39' }: Question = {}) {
    const headers = { 'openstack-api-version': `placement ${version}` };
    const init = { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) };
    const [before, after] = await Promise.all(
      servers.map(async ({ url }) => {
        const response = await fetch(url + route, init);
        const answer = await response.text();
        return { status: response.status, body: answer === '' ? null : JSON.parse(answer) };
      }),
    );
    expect(after).toEqual(before);
    return before ?? { status: 0, body: null };
  }

  const rels = (provider: { links: { rel: string }[] }) => provider.links.map(({ rel }) => rel);

  test('lists 1,000 providers; the version decides which links they have', async () => {
    const { body } = await ask('/resource_providers');
    expect(body.resource_providers).toHaveLength(1000);
    const [root, numa] = body.resource_providers;
    expect(numa).toMatchObject({ name: 'compute-0001_numa0', parent_provider_uuid: root.uuid });
    expect(rels(root)).toEqual(['self', 'inventories', 'usages', 'aggregates', 'traits', 'allocations']);
    for (const [version, last] of [
      ['1.0', 'usages'],
      ['1.1', 'aggregates'],
      ['1.6', 'traits'],
      ['1.11', 'allocations'],
    ] as const) {
      const { body } = await ask('/resource_providers?name=compute-0001', { version });
      expect(rels(body.resource_providers[0]).at(-1)).toBe(last);
    }
  });

  test('filters providers', async () => {
    const { body } = await ask('/resource_providers?name=compute-0250');
    const [{ uuid }] = body.resource_providers;
    const { aggregates } = (await ask(`/resource_providers/${uuid}/aggregates`)).body;
    const count = async (query: string) => (await ask(`/resource_providers?${query}`)).body.resource_providers.length;
    expect(await count(`in_tree=${uuid}`)).toBe(4);
    expect(await count(`member_of=in:${aggregates.join(',')}`)).toBe(38); // every 20th tree, for three rests
    expect(await count('resources=VCPU:2,MEMORY_MB:512')).toBe(500);
    expect(await count('limit=7')).toBe(7);
  });

  test('returns a provider whose links all work', async () => {
    const { body } = await ask('/resource_providers?name=compute-0007_numa1');
    const [provider] = body.resource_providers;
    for (const { href } of provider.links) expect((await ask(href)).status).toBe(200);
    expect((await ask(`/resource_providers/${provider.uuid}`)).body).toEqual(provider);
    const { inventories } = (await ask(`/resource_providers/${provider.uuid}/inventories`)).body;
    expect(inventories.VCPU).toMatchObject({ total: 16, allocation_ratio: 4 });
    const { traits } = (await ask(`/resource_providers/${provider.uuid}/traits`)).body;
    expect(traits).toEqual(['HW_CPU_X86_AVX2', 'HW_CPU_X86_SSE42', 'HW_NUMA_ROOT']);
  });

  test('allocates a candidate, returns it, rejects it twice and deletes it', async () => {
    const candidates = (await ask('/allocation_candidates?resources=VCPU:2,MEMORY_MB:512,DISK_GB:5')).body;
    expect(candidates.allocation_requests).toHaveLength(1000);
    const [{ allocations }] = candidates.allocation_requests;
    const body = { allocations, project_id: 'p', user_id: 'u', consumer_generation: null };
    const url = `/allocations/${CONSUMER}`;
    const before = (await ask(`/resource_providers/${Object.keys(allocations)[0]}/usages`)).body.usages;

    expect((await ask(url, { method: 'PUT', body })).status).toBe(204);
    expect((await ask(url)).body).toMatchObject({ allocations, consumer_generation: 1 });
    const usages = (await ask(`/resource_providers/${Object.keys(allocations)[0]}/usages`)).body.usages;
    expect(usages.VCPU).toBe(before.VCPU + 2);
    expect((await ask(url, { method: 'PUT', body })).status).toBe(409);
    const [provider = ''] = Object.keys(allocations);
    const greedy = { ...body, consumer_generation: 1, allocations: { [provider]: { resources: { VCPU: 17 } } } };
    expect((await ask(url, { method: 'PUT', body: greedy })).status).toBe(409);
    expect((await ask(url)).body).toMatchObject({ allocations, consumer_generation: 1 }); // all or nothing
    expect((await ask(url, { method: 'DELETE' })).status).toBe(204);
    expect((await ask(url)).body).toEqual({ allocations: {} });
    expect((await ask(url, { method: 'DELETE' })).status).toBe(404);
  });

  test.each<[number, string, Question]>([
    [200, '/', {}],
    [200, '/traits', {}],
    [404, '/traits', { version: '1.5' }],
    [404, '/no_such_thing', {}],
    [404, `/resource_providers/${CONSUMER}`, {}],
    [400, '/resource_providers?in_tree=x', {}],
    [400, `/resource_providers?in_tree=${CONSUMER}`, { version: '1.13' }],
    [400, '/resource_providers?constructor=1', {}],
    [400, '/allocation_candidates', {}],
    [400, '/allocation_candidates?resources=VCPU:2,GOLD:1', {}],
    [400, `/allocations/${CONSUMER}`, { method: 'PUT', body: { allocations: [] } }],
    [405, '/resource_providers', { method: 'PUT' }],
    [400, '/', { version: 'x' }],
    [406, '/', { version: '1.40' }],
  ])('%d for %s %o', async (status, route, question) => {
    const answer = await ask(route, question);
    expect(answer.status).toBe(status);
    if (status !== 200) expect(answer.body.errors[0].status).toBe(status);
  });

  test('the load runs without errors', async () => {
    for (const { url } of servers) {
      const { stdout, stderr, code } = await run('load.js', '--url', url, '--requests', '60');
      expect({ stderr, code }).toEqual({ stderr: '', code: 0 });
      expect(stdout).toMatch(/^\d+ requests in [\d.]+ s, median [\d.]+ ms, slowest [\d.]+ ms: \d+ × 200, \d+ × 204,/);
    }
  });
});

test('the load fails on a wrong response', async () => {
  const server = http.createServer((_, response) => response.end('{"resource_providers":[]}')).listen(0);
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  const { stderr, code } = await run('load.js', '--url', `http://127.0.0.1:${port}`, '--requests', '1');
  server.close();
  expect({ stderr, code }).toEqual({ stderr: expect.stringMatching(/^load\.js: /), code: 1 });
});

describe('record-before-after.js', () => {
  test('writes a file per request and side, which pstat compares', async () => {
    const folder = newFolder();
    const { stdout, stderr, code } = await run('record-before-after.js', folder, '--rounds', '1', '--requests', '3');
    expect({ stderr, code }).toEqual({ stderr: '', code: 0 });
    const [before = '', after = ''] = ['before', 'after'].map((side) => path.join(folder, side));
    expect(stdout).toContain(`\npstat compare ${before} ${after} --limit 5\n`);
    for (const dir of [before, after]) {
      const names = readdirSync(dir);
      expect(names).toHaveLength(3);
      for (const name of names) expect(name).toMatch(/^GET\.resource_providers\.\d{6}ms\.\d+(\.\d)?\.cpuprofile$/);
    }
    const compared = await pstat(['compare', before, after, '--json']);
    expect(JSON.parse(compared.stdout)).toMatchObject({ view: 'compare' });

    const again = await run('record-before-after.js', folder);
    expect(again.stderr).toMatch(/^record-before-after\.js: .*before already holds files/);
    expect(again.code).toBe(2);
  });

  test('stops its servers when interrupted', async () => {
    const recording = start('record-before-after.js', [newFolder()]);
    const end = ended(recording);
    await pause(1000); // by now there are servers, most likely
    recording.kill('SIGINT');
    expect(await end).toMatchObject({ signal: 'SIGINT' });
  });

  test('prints its usage', async () => {
    const { stderr, code } = await run('record-before-after.js', 'a', 'b');
    expect({ stderr, code }).toEqual({ stderr: expect.stringContaining('usage: '), code: 2 });
  });
});

describe('its recordings', () => {
  const sides = ['before', 'after'].map((side) => `${HOME}/profiles/${side}`);
  const files = sides.flatMap((dir) => readdirSync(dir).map((name) => `${dir}/${name}`));

  test('have only paths below /srv/app', () => {
    for (const file of files) {
      const { nodes, pstat } = JSON.parse(readFileSync(file, 'utf8'));
      expect(pstat).toMatchObject({ method: 'GET', url: '/resource_providers', status: 200, interval: 200 });
      for (const { callFrame } of nodes) {
        expect(callFrame.url).toMatch(/^(file:\/\/\/srv\/app\/.*|\/srv\/app\/.*|node:.*|wasm:.*|)$/);
      }
    }
  });

  test('show an improvement', async () => {
    const { stdout } = await pstat(['compare', ...sides, '--filter', 'microversion.js', '--json']);
    const { rows, ...compared } = JSON.parse(stdout);
    expect(compared.total).toMatchObject({ significant: true, shift: expect.toSatisfy((shift) => shift < 0) });
    expect(rows.find(({ name }: { name: string }) => name === 'requestedVersion')).toMatchObject({ verdict: 'faster' });
  });

  test('are 40 small files per side', () => {
    expect(sides.map((dir) => readdirSync(dir).length)).toEqual([40, 40]);
    const sizes = files.map((file) => readFileSync(file).length);
    expect(Math.max(...sizes)).toBeLessThan(60_000);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(1e6);
  });
});
