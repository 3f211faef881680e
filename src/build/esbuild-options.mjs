/** How the sources are bundled: for the package, and for the programs that the benchmarks compare with it. */

import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

export const ESBUILD_OPTIONS = {
  absWorkingDir: ROOT,
  bundle: true,
  platform: 'node',
  target: 'node20.19',
  format: 'esm',
  splitting: true,
  chunkNames: 'chunks/[name]-[hash]',
  // Beside the code, for a stack that somebody reports. They are 40 % of the package and no name is shortened, so that
  // they are not published, and no comment names them.
  sourcemap: 'external',
  sourcesContent: false,
  // Licences are written to a file of their own.
  legalComments: 'none',
  // cli-table3 requires it for colors of its own, which pstat does not use, and works without it.
  external: ['@colors/colors'],
  logLevel: 'warning',
};

/** What packages in CommonJS need and ES modules do not have. */
export const COMMON_JS_BANNER = {
  js: `import { createRequire as requireOf } from 'node:module';
const require = requireOf(import.meta.url);
const __dirname = import.meta.dirname;`,
};

export function inDist(...parts) {
  return path.join(ROOT, 'dist', ...parts);
}
