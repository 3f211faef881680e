/** Writes dist/ but for the declarations: `npm run build:bundle`. */

import { copyFileSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';
import { ESBUILD_OPTIONS, inDist, ROOT } from './esbuild-options.mjs';

/** What is loaded by its own name: the command, the library's entries, and modules that workers and preloads start with. */
const ENTRIES = [
  'index',
  'cli/main',
  'input/workers/worker',
  ...['profiler', 'register', 'writer-thread'].map((name) => `record/request/${name}`),
  ...['preload', 'flush-worker'].map((name) => `record/program/${name}`),
];

rmSync(inDist(), { recursive: true, force: true });
const { metafile } = await build({
  ...ESBUILD_OPTIONS,
  entryPoints: ENTRIES.map((entry) => `src/${entry}.ts`),
  outdir: 'dist',
  outbase: 'src',
  metafile: true,
});
copyFileSync(path.join(ROOT, 'src/render/schema.json'), inDist('schema.json'));
writeFileSync(inDist('THIRD-PARTY-LICENSES.txt'), licenses(bundledPackages(metafile)));

/** The folders of the packages of which code is in the bundle. */
function bundledPackages({ inputs }) {
  const folders = Object.keys(inputs).flatMap((file) => /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file) ?? []);
  return [...new Set(folders)].sort();
}

function licenses(folders) {
  const texts = folders.map((folder) => {
    const { name, version, license } = JSON.parse(readFileSync(path.join(ROOT, folder, 'package.json'), 'utf8'));
    return `${name} ${version} (${license})\n\n${licenseText(path.join(ROOT, folder))}`;
  });
  return `pstat is built on yargs, cli-table3 and chalk. The command contains code of these packages.\n\n${texts.join(`\n${'-'.repeat(80)}\n\n`)}`;
}

function licenseText(folder) {
  const file = readdirSync(folder).find((name) => /^licen[cs]e/i.test(name));
  if (file === undefined) throw new Error(`${folder} has no licence file`);
  return `${readFileSync(path.join(folder, file), 'utf8').trim()}\n`;
}
