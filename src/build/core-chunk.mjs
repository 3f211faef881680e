/**
 * An esbuild plugin that makes one chunk of the module `core` and everything that it imports.
 *
 * esbuild puts two modules into one chunk if the same entries reach them, and each dynamic import is an entry. Without
 * the plugin the default command is 27 chunks, and Node takes 0.6 ms to find and to link each of them. So each module of
 * ours that is imported dynamically is made to import `core`, which is loaded by then anyway.
 */

import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { build } from 'esbuild';
import { ESBUILD_OPTIONS, ROOT } from './esbuild-options.mjs';

/** @param core its path. @param main the module that loads `core` with a dynamic import of its own */
export async function coreChunk(core, main) {
  const lazy = await dynamicallyImported(main);
  lazy.delete(core);
  return {
    name: 'core-chunk',
    setup({ initialOptions, onResolve, onLoad }) {
      onResolve({ filter: /^core$/ }, () => ({ path: core }));
      // esbuild leaves the import out of the code, for it has no effect, but heeds it when it makes chunks.
      initialOptions.logOverride = { 'ignored-bare-import': 'silent' };
      onLoad({ filter: /\.ts$/ }, async ({ path: file }) => {
        if (!lazy.has(file)) return undefined;
        return { contents: `import 'core'; ${await readFile(file, 'utf8')}`, loader: 'ts' };
      });
    },
  };
}

/**
 * Returns the paths of our modules that are imported dynamically. They must be known before any is loaded: esbuild loads
 * a module once, perhaps for a static import.
 */
async function dynamicallyImported(main) {
  const options = { ...ESBUILD_OPTIONS, outdir: 'dist', entryPoints: [main], metafile: true, write: false };
  const { metafile } = await build(options);
  const imports = Object.values(metafile.inputs).flatMap((input) => input.imports);
  const files = imports.filter(({ kind, path: file }) => kind === 'dynamic-import' && file.startsWith('src/'));
  return new Set(files.map((file) => path.join(ROOT, file.path)));
}
