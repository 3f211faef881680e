/** `node plain-maps.mjs LIST`: reads the generated files and maps that LIST names, and parses the maps. */

import { readFileSync } from 'node:fs';
import path from 'node:path';

const { folder, modules } = JSON.parse(readFileSync(process.argv[2], 'utf8'));
let length = 0;
for (let i = 0; i < modules; i++) {
  const file = path.join(folder, 'dist', `module${i}.js`);
  length += readFileSync(file, 'utf8').length;
  length += JSON.parse(readFileSync(`${file}.map`, 'utf8')).mappings.length;
}
console.log(length);
