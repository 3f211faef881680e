/** The benchmark's programs import sources and the built library: they run with what these export today. */

import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { build } from 'esbuild';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../support/temporary-folder.ts';

/** Returns the path of the bundle of a script. */
async function bundle(script: string): Promise<string> {
  const outdir = temporaryFolder('bench');
  const outExtension = { '.js': '.mjs' };
  // @ts-expect-error: a script, without types
  const { COMMON_JS_BANNER } = await import('../../src/build/esbuild-options.mjs');
  await build({
    entryPoints: [script],
    alias: { 'yargs/yargs': path.resolve('node_modules/yargs/yargs.mjs') },
    outdir,
    outExtension,
    banner: COMMON_JS_BANNER,
    bundle: true,
    platform: 'node',
    format: 'esm',
  });
  return path.join(outdir, `${path.parse(script).name}.mjs`);
}

const run = (...words: string[]) => execFileSync(process.execPath, words, { encoding: 'utf8' });

test('yargs alone parses the options of pstat', async () => {
  const script = await bundle('test/bench/yargs-only.mjs');
  expect(run(script, 'a.prof', '--limit', '3', '--json')).toBe('a.prof\n');
});

test('the keys of the explorer are measured', async () => {
  const script = await bundle('test/bench/explorer-keys.mjs');
  const measured = run(script, 'samples/resource-providers.cpuprofile', 'i', '5');
  const figures = { seconds: expect.any(Number), longest: expect.any(Number) };
  expect(JSON.parse(measured)).toEqual({
    opened: expect.any(Number),
    answers: [
      { key: 'i', ...figures },
      { key: '5', ...figures },
    ],
  });
});

test('the share of aggregation in a load is measured', async () => {
  const normalize = await bundle('src/model/normalize/normalize.ts');
  const file = 'samples/resource-providers.cpuprofile';
  const shares = run('test/bench/aggregation-share.mjs', file, path.resolve('dist/index.js'), normalize);
  expect(JSON.parse(shares)).toEqual({
    seconds: expect.any(Number),
    graph: expect.any(Number),
    normalized: expect.any(Number),
  });
});
