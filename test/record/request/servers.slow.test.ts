/**
 * Real servers under a load of mixed requests: no response is lost or changed, no file is missing, and no file holds
 * another request's functions. Set REQUESTS=10000 for a long run.
 */

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { beforeAll, describe, expect, test } from 'vitest';
import { load } from '../../support/load.ts';
import { PRELOAD, requestFiles } from '../../support/program.ts';
import { findMismatch, foreignFunctions } from '../../support/request-files.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const REQUESTS = Number(process.env['REQUESTS'] ?? 400);
const CONCURRENCY = 50;

const folder = temporaryFolder('servers');
beforeAll(() => {
  expect(existsSync('dist/record/request/register.cjs'), 'run `npm run build` first').toBe(true);
});

describe.each(['http', 'express', 'fastify', 'koa'])('%s', (framework) => {
  describe.each(['inside', 'outside'])('profiled from %s the program', (way) => {
    test.each(['single', 'all'])('concurrency %s', async (concurrency) => {
      const dir = path.join(folder, `${framework}-${way}-${concurrency}`);
      const server = await startServer(framework, way, { dir, concurrency });
      const outcome = await load({ port: server.port, requests: REQUESTS, concurrency: CONCURRENCY });
      const { reached, stderr } = await server.stopped();
      expect(outcome.errors).toEqual([]);
      expect(outcome.complete + outcome.aborted).toBe(REQUESTS);
      expect(stderr).toBe('');

      const files = requestFiles(dir);
      const skipped = files.reduce((sum, { facts }) => sum + facts.skipped, 0);
      if (concurrency === 'all') expect(files).toHaveLength(reached);
      else expect(skipped + files.length).toBeLessThanOrEqual(reached);
      expect(new Set(files.map(({ facts }) => facts.url)).size).toBe(files.length);
      expect(files.flatMap(foreignFunctions)).toEqual([]);
      expect(files.flatMap(findMismatch)).toEqual([]);
      const burst = files.filter(({ functions }) => functions.some((name) => name.endsWith('Burst')));
      expect(burst.length, 'files with samples of the work').toBeGreaterThan(files.length / 10);
    });
  });
});

interface Running {
  readonly port: number;
  stopped(): Promise<{ reached: number; stderr: string }>;
}

async function startServer(
  framework: string,
  way: string,
  { dir, concurrency }: { dir: string; concurrency: string },
): Promise<Running> {
  const env = way === 'inside' ? { DIR: dir, CONCURRENCY: concurrency } : preloadVariables(dir, concurrency);
  const child = spawn(
    process.execPath,
    [...(way === 'outside' ? ['--import', PRELOAD] : []), 'test/record/programs/server.mjs', framework, way],
    { env: { ...process.env, NODE_OPTIONS: '', ...env } },
  );
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  let stderr = '';
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
  });
  const port = Number((await lines.next()).value);
  return { port, stopped: async () => ({ ...(await stopServer(child, lines)), stderr }) };
}

function preloadVariables(dir: string, concurrency: string) {
  return { PSTAT_PROFILE_DIR: dir, PSTAT_PROFILE_CONCURRENCY: concurrency };
}

async function stopServer(child: ChildProcess, lines: AsyncIterator<string>): Promise<{ reached: number }> {
  child.stdin?.end();
  const line = await lines.next();
  await once(child, 'close');
  return JSON.parse(line.value);
}
