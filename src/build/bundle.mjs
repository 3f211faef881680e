/** Writes dist/ but for the declarations: `npm run build:bundle`. */

import { copyFileSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';
import { coreChunk } from './core-chunk.mjs';
import { COMMON_JS_BANNER, ESBUILD_OPTIONS, inDist, ROOT } from './esbuild-options.mjs';

/** The library's entries, and the module that worker threads start with. */
const LIBRARY = ['index', ...['profiler', 'writer-thread'].map((name) => `record/request/${name}`)];

/** Files for recorded programs and servers, each complete in itself: these load in every Node, whatever its options. */
const COMMON_JS = { format: 'cjs', splitting: false, outExtension: { '.js': '.cjs' } };

/** Here modules find each other as from a chunk. */
const AS_CHUNK = {
  define: { 'import.meta.url': 'MODULE_URL' },
  banner: { js: "const MODULE_URL = require('node:url').pathToFileURL(__dirname + '/../../chunks/chunk.js').href;" },
};

rmSync(inDist(), { recursive: true, force: true });
// Apart from each other: what the library and the command share would be many small chunks.
const inputs = [
  await bundle({ entryPoints: LIBRARY.map(source) }),
  await bundle({
    ...COMMON_JS,
    entryPoints: [source('record/program/preload')],
    target: 'es2015',
    external: ['./*.cjs'],
  }),
  await bundle({
    ...COMMON_JS,
    entryPoints: ['recorder', 'watcher'].map((name) => source(`record/program/${name}`)),
    target: 'node18',
    external: ['internal/*'],
  }),
  await bundle({
    ...COMMON_JS,
    entryPoints: [path.join(ROOT, 'src/record/request/register.cts')],
    target: 'es2015',
    external: ['./*.cjs'],
  }),
  await bundle({
    ...COMMON_JS,
    entryPoints: [source('record/attach/socket')],
    external: ['bufferutil', 'utf-8-validate'],
  }),
  await bundle({ ...COMMON_JS, ...AS_CHUNK, entryPoints: [source('record/request/profile-servers')] }),
  await bundle({
    entryPoints: [source('cli/main')],
    banner: COMMON_JS_BANNER,
    plugins: [await coreChunk(source('cli/program'), source('cli/main'))],
  }),
];
// The page of `pstat report`, which is written into each report.
inputs.push(
  await bundle({
    entryPoints: { page: source('page/main'), start: source('page/start') },
    outdir: 'dist/page',
    entryNames: '[name]',
    platform: 'browser',
    format: 'iife',
    target: 'es2022',
    splitting: false,
    sourcemap: false,
    minify: true,
  }),
  await bundle({
    entryPoints: [path.join(ROOT, 'src/page/page.css')],
    platform: 'browser',
    sourcemap: false,
    minify: true,
  }),
);
// For programs that name the file instead of pstat-cli/register.
writeFileSync(inDist('record/request/register.js'), "import './register.cjs';\n");
copyFileSync(path.join(ROOT, 'src/render/schema.json'), inDist('schema.json'));
writeFileSync(inDist('THIRD-PARTY-LICENSES.txt'), licenses(bundledPackages(inputs.flat())));

function source(name) {
  return path.join(ROOT, 'src', `${name}.ts`);
}

/** Gives back the files of which code is in the bundle. */
async function bundle(options) {
  const common = { outdir: 'dist', outbase: 'src', metafile: true };
  const { metafile } = await build({ ...ESBUILD_OPTIONS, ...common, ...options });
  return Object.keys(metafile.inputs);
}

/** The folders of the packages of which code is in the bundle. */
function bundledPackages(files) {
  const folders = files.flatMap((file) => /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file) ?? []);
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
