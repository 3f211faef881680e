/** How sources are bundled, whatever is made of them. */

import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** What libraries bring along and pstat does better without, by what stands for it (stand-ins/). */
const STAND_INS = {
  'string-width': 'string-width',
  'escalade/sync': 'escalade',
  assert: 'assert',
  '#supports-color': 'supports-color',
};

const standIns = {
  name: 'stand-ins',
  setup({ onResolve }) {
    const filter = new RegExp(`^(?:${Object.keys(STAND_INS).join('|')})$`);
    onResolve({ filter }, ({ path: name }) => ({ path: path.join(ROOT, `src/stand-ins/${STAND_INS[name]}.cjs`) }));
  },
};

export const BUNDLING = {
  absWorkingDir: ROOT,
  bundle: true,
  platform: 'node',
  target: 'node20.19',
  minifySyntax: true,
  minifyWhitespace: true,
  // model/columns.ts
  define: { CHECKED: 'false' },
  plugins: [standIns],
  logLevel: 'warning',
};
