/**
 * `node load-speedscope.mjs FILE`: loads a CPU profile as speedscope's page does, without the page.
 *
 * speedscope publishes its importers only inside the page, minified: its script is run up to where it would draw, and
 * asked for the function that takes a file dropped on it.
 */

import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import vm from 'node:vm';

const [, , file] = process.argv;
const bytes = readFileSync(file);
const buffer = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length);
const { profiles } = await importer()(path.basename(file), buffer);
console.log(`${profiles[0].frames.size} functions`);

function importer() {
  const release = path.join(
    path.dirname(createRequire(import.meta.url).resolve('speedscope/package.json')),
    'dist/release',
  );
  const name = readdirSync(release).find((candidate) => /^speedscope-.*\.js$/.test(candidate));
  const script = readFileSync(path.join(release, name), 'utf8');
  const [, found] = /async function (\w+)\(\w+,\w+\)\{return\(await \w+\)\.importProfilesFromArrayBuffer/.exec(script);
  const drawing = script.indexOf('console.log(`speedscope v');
  // The little of a browser that it asks for while it is loaded.
  globalThis.window = globalThis;
  globalThis.location = { hash: '' };
  globalThis.document = { createElement: () => ({ style: {} }), addEventListener() {} };
  vm.runInThisContext(`${script.slice(0, drawing)}globalThis.importFile=${found}})();`);
  return globalThis.importFile;
}
