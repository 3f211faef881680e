/** Bundles the sources: `npm run build:bundle` writes dist/, but for the types. */

import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const COMMAND = path.join(ROOT, 'dist/cli');

/** A profile of each kind that people open most. */
const PYTHON = 'samples/GET.resource_providers.prof';
const V8 = 'samples/resource-providers.cpuprofile';

/** What libraries bring along and pstat does better without, by what stands for it (src/stand-ins). */
const STAND_INS = {
  'string-width': 'string-width',
  'escalade/sync': 'escalade',
  assert: 'assert',
  '#supports-color': 'supports-color',
};

const COMMON = {
  absWorkingDir: ROOT,
  bundle: true,
  platform: 'node',
  target: 'node20.19',
  minifySyntax: true,
  minifyWhitespace: true,
  outbase: 'src',
  plugins: [standIns()],
  logLevel: 'warning',
};

rmSync(path.join(ROOT, 'dist'), { recursive: true, force: true });
await bundleLibrary();
await bundleCommand();

function standIns() {
  return {
    name: 'stand-ins',
    setup({ onResolve }) {
      const filter = new RegExp(`^(?:${Object.keys(STAND_INS).join('|')})$`);
      onResolve({ filter }, ({ path: name }) => ({ path: path.join(ROOT, `src/stand-ins/${STAND_INS[name]}.cjs`) }));
    },
  };
}

/** What is imported: ES modules that share what they have in common. */
async function bundleLibrary() {
  await build({
    ...COMMON,
    entryPoints: [
      'src/index.ts',
      'src/reading/thread.ts',
      ...['profiler', 'register', 'thread', 'attach', 'kicker'].map((name) => `src/record/${name}.ts`),
    ],
    outdir: 'dist',
    format: 'esm',
    splitting: true,
    chunkNames: 'chunks/[name]-[hash]',
  });
}

/** What is run: one script, since that can be kept compiled (src/cli/compiled.ts), and the bin that loads it. */
async function bundleCommand() {
  await build({
    ...COMMON,
    entryPoints: ['src/cli/main.ts', 'src/cli/program.ts', 'src/cli/warm-up.ts'],
    outdir: 'dist',
    format: 'cjs',
    // A script cannot import; what it loads late is in it already, or Node's own.
    supported: { 'dynamic-import': false },
    define: { 'import.meta.url': 'ownUrl' },
    banner: { js: "const ownUrl = require('node:url').pathToFileURL(__filename).href;" },
  });
  writeFileSync(path.join(COMMAND, 'package.json'), '{ "type": "commonjs" }\n');
  const warmUp = path.join(COMMAND, 'warm-up.js');
  const large = path.join(COMMAND, 'large.cpuprofile');
  // Blanks make it large enough to be scanned.
  writeFileSync(large, `${readFileSync(path.join(ROOT, V8), 'utf8')}${' '.repeat(2 ** 20)}`);
  execFileSync(process.execPath, [warmUp, PYTHON, V8, large], { cwd: ROOT, stdio: 'inherit' });
  rmSync(warmUp);
  rmSync(large);
}
