/**
 * `node load-cpupro.mjs FILE`: loads a CPU profile as cpupro's page does, without the page.
 *
 * cpupro parses with @discoveryjs/json-ext in chunks and hands the document to its model's `prepare`, which reckons
 * self, nested and total times and all trees by function, module, package and category. The model is published only
 * inside the page, minified: its script is run up to where it would draw, and asked for the model.
 */

import { createReadStream, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import vm from 'node:vm';

const require = createRequire(import.meta.url);
const { parseChunked } = createRequire(require.resolve('cpupro/package.json'))('@discoveryjs/json-ext');

const document = await parseChunked(createReadStream(process.argv[2]));
const { shared } = await preparation()(document, {
  rejectData(message) {
    throw new Error(message);
  },
  // What the page would call each function, module and package by.
  markers: new Proxy({}, { get: () => ignore }),
  setWorkTitle: async () => {},
});
console.log(`${shared.callFrames.length} functions`);

/** The model's `prepare`, which it hands to whoever sets it up. */
function preparation() {
  const page = readFileSync(require.resolve('cpupro/build/app.html'), 'utf8');
  const script = page.slice(page.indexOf('<script>') + '<script>'.length, page.lastIndexOf('</script>'));
  const [, setup, load] = /var (\w+),(\w+)=\w+\(\(\)=>\{[^{}]*?;\1=function\(\{defineObjectMarker/.exec(script);
  const drawing = script.search(/\w+\(\);\w+\(\);\w+\(Promise\.resolve\(\)\.then\(\(\)=>\(/);
  vm.runInThisContext(`${script.slice(0, drawing)}${load}();globalThis.setUpModel=${setup}})();`);
  let prepare;
  globalThis.setUpModel({
    defineObjectMarker: ignore,
    addQueryHelpers: ignore,
    setPrepare(given) {
      prepare = given;
    },
  });
  return prepare;
}

function ignore() {}
