/** Modules of TypeScript, what esbuild makes of them with source maps, and a profile of all their functions. */

import { mkdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const FUNCTIONS = 10;

/** Returns the path of the profile. */
export async function generateModules(folder, modules) {
  const sources = Array.from({ length: modules }, (_, i) => path.join(folder, 'src', `module${i}.ts`));
  mkdirSync(path.join(folder, 'src'), { recursive: true });
  sources.forEach((file, i) => {
    writeFileSync(file, sourceOf(i));
  });
  await build({ entryPoints: sources, outdir: path.join(folder, 'dist'), sourcemap: true, format: 'esm' });
  const file = path.join(folder, 'modules.cpuprofile');
  writeFileSync(file, JSON.stringify(profileOf(sources.map((_, i) => path.join(folder, 'dist', `module${i}.js`)))));
  // Maps are used where the generated file is older than the recording.
  const later = Date.now() / 1000 + 60;
  utimesSync(file, later, later);
  return file;
}

function sourceOf(module) {
  const functions = Array.from(
    { length: FUNCTIONS },
    (_, i) => `/** Computes number ${i} of module ${module}: what the caller asked for. */
export function compute${i}(options: Options, limit: number = ${i}): number {
  const values: number[] = [];
  for (let index = 0; index < limit; index++) {
    const entry = options.value * index + ${module};
    if (entry % 7 === 3) values.push(entry);
    else values.push(values.length > 0 ? (values[values.length - 1] ?? 0) + entry : entry);
  }
  return values.reduce((sum: number, each: number) => sum + each, 0);
}
`,
  );
  return `interface Options { readonly name: string; readonly value: number }\n\n${functions.join('\n')}`;
}

/** Three samples of every function. */
function profileOf(files) {
  const root = frame('(root)', '', -1, -1);
  const nodes = [{ id: 1, callFrame: root, hitCount: 0, children: [] }];
  for (const file of files)
    readFileSync(file, 'utf8')
      .split('\n')
      .forEach((text, line) => {
        const [start] = /^function compute\d+\(/.exec(text) ?? [];
        if (start === undefined) return;
        const id = nodes.length + 1;
        const name = start.slice('function '.length, -1);
        nodes[0].children.push(id);
        nodes.push({ id, callFrame: frame(name, pathToFileURL(file).href, line, start.length - 1), hitCount: 3 });
      });
  const samples = nodes.slice(1).flatMap(({ id }) => [id, id, id]);
  const timeDeltas = samples.map(() => 1000);
  return { nodes, startTime: 0, endTime: 1000 * (samples.length + 1), samples, timeDeltas };
}

function frame(functionName, url, lineNumber, columnNumber) {
  return { functionName, scriptId: '1', url, lineNumber, columnNumber };
}
