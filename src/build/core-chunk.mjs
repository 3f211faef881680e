/**
 * An esbuild plugin that makes one chunk of the module `core` and everything that it imports.
 *
 * esbuild puts two modules into one chunk if the same entries reach them, and each dynamic import is an entry. Without
 * the plugin the default command is 27 chunks, and Node takes 0.6 ms to find and to link each of them. So each module of
 * ours that is imported dynamically is made to import `core`, which is loaded by then anyway.
 */

import { readFile } from 'node:fs/promises';
import path from 'node:path';

/** @param core its path. @param main the module that loads `core` with a dynamic import of its own */
export function coreChunk(core, main) {
  const lazy = new Set();
  return {
    name: 'core-chunk',
    setup(build) {
      build.onResolve({ filter: /^\..*\.ts$/ }, ({ kind, path: name, resolveDir, importer }) => {
        if (kind === 'dynamic-import' && importer !== main) lazy.add(path.join(resolveDir, name));
      });
      build.onResolve({ filter: /^core$/ }, () => ({ path: core }));
      // esbuild leaves the import out of the code, for it has no effect, but heeds it when it makes chunks.
      build.initialOptions.logOverride = { 'ignored-bare-import': 'silent' };
      build.onLoad({ filter: /\.ts$/ }, async ({ path: file }) => {
        if (!lazy.has(file)) return undefined;
        return { contents: `import 'core'; ${await readFile(file, 'utf8')}`, loader: 'ts' };
      });
    },
  };
}
