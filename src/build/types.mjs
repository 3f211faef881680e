/** Leaves in dist/types/ the declarations that the package's entries reach: tsc writes one for each module. */

import { readdirSync, readFileSync, rmdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { inDist, ROOT } from './esbuild-options.mjs';

const { exports } = JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8'));
const entries = Object.values(exports).flatMap(({ types }) => (types === undefined ? [] : [path.join(ROOT, types)]));
const reached = new Set();
for (const entry of entries) reach(entry);
removeOthers(inDist('types'));

function reach(file) {
  if (reached.has(file)) return;
  reached.add(file);
  const imports = readFileSync(file, 'utf8').matchAll(/(?:from|import\() ?['"](\.[^'"]*)\.ts['"]/g);
  for (const [, name] of imports) reach(path.join(path.dirname(file), `${name}.d.ts`));
}

function removeOthers(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const file = path.join(folder, entry.name);
    if (entry.isDirectory()) removeOthers(file);
    else if (!reached.has(file)) rmSync(file);
  }
  if (readdirSync(folder).length === 0) rmdirSync(folder);
}
