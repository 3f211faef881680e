/**
 * `node speedscope.mjs FILE`: prints as JSON what speedscope reads, a list of functions a profile.
 *
 * speedscope publishes its importers only inside its page, minified: its script is run up to where it would draw, and
 * asked for the function that takes a file dropped on it.
 */

import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import vm from 'node:vm';

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  // speedscope says what it imports.
  console.log = console.error;
  const { profiles } = await readBySpeedscope(process.argv[2], import.meta.url);
  process.stdout.write(JSON.stringify(profiles.map(functionsOf)));
}

/** Reads a file by the importers of the speedscope that is installed for a module. */
export async function readBySpeedscope(file, importer) {
  const bytes = readFileSync(file);
  const buffer = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length);
  return loadImporter(importer)(path.basename(file), buffer);
}

function loadImporter(importer) {
  const release = path.join(path.dirname(createRequire(importer).resolve('speedscope/package.json')), 'dist/release');
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

function functionsOf(profile) {
  const functions = [];
  profile.forEachFrame((frame) => {
    const { name, file, line } = frame;
    functions.push({ name, file, line, self: frame.getSelfWeight(), total: frame.getTotalWeight() });
  });
  return { unit: profile.getWeightUnit(), functions };
}
