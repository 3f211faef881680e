/** Bundles the sources: `npm run build:bundle` writes dist/, but for the types. */

import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';
import { BUNDLING, ROOT } from './bundling.mjs';

const COMMAND = path.join(ROOT, 'dist/cli');

/** A profile of each kind that people open most. */
const PYTHON = 'samples/GET.resource_providers.prof';
const V8 = 'samples/resource-providers.cpuprofile';

rmSync(path.join(ROOT, 'dist'), { recursive: true, force: true });
await bundleLibrary();
await bundleCommand();

/** What is imported: ES modules that share what they have in common. */
async function bundleLibrary() {
  await build({
    ...BUNDLING,
    entryPoints: [
      'src/index.ts',
      'src/reading/thread.ts',
      ...['profiler', 'register', 'thread', 'attach', 'kicker'].map((name) => `src/record/${name}.ts`),
    ],
    outdir: 'dist',
    outbase: 'src',
    format: 'esm',
    splitting: true,
    chunkNames: 'chunks/[name]-[hash]',
  });
}

/** What is run: one script, since that can be kept compiled (src/cli/compiled.ts), and the bin that loads it. */
async function bundleCommand() {
  await build({
    ...BUNDLING,
    entryPoints: ['src/cli/main.ts', 'src/cli/program.ts', 'src/cli/warm-up.ts'],
    outdir: 'dist',
    outbase: 'src',
    format: 'cjs',
    // Of the least start a sixteenth: what V8 keeps compiled holds every name. To read a stack of it, build without.
    minifyIdentifiers: true,
    // A script cannot import; what it loads late is in it already, or Node's own.
    supported: { 'dynamic-import': false },
    define: { ...BUNDLING.define, 'import.meta.url': 'ownUrl' },
    banner: { js: "const ownUrl = require('node:url').pathToFileURL(__filename).href;" },
  });
  writeFileSync(path.join(COMMAND, 'package.json'), '{ "type": "commonjs" }\n');
  const warmUp = path.join(COMMAND, 'warm-up.js');
  const large = path.join(COMMAND, 'large.cpuprofile');
  // Blanks make it large enough to be scanned.
  writeFileSync(large, `${readFileSync(path.join(ROOT, V8), 'utf8')}${' '.repeat(2 ** 20)}`);
  // Code that was compiled under other flags than those of a usual run would never be taken.
  const { NODE_OPTIONS: _, ...env } = process.env;
  execFileSync(process.execPath, [warmUp, PYTHON, V8, large], { cwd: ROOT, stdio: 'inherit', env });
  rmSync(warmUp);
  rmSync(large);
}
