/**
 * Moves executing lines from the generated code that ran to the source. A line of generated code that was made of several
 * lines of the source, as all of a minified file, is dropped: its time then has no line.
 */

import { linesOfNodes, withLines } from '../model/call-tree.ts';
import { at, pickRows } from '../model/columns.ts';
import type { FunctionIndex, FunctionTable } from '../model/function-table.ts';
import { type LineTimes, sumLines } from '../model/line-times.ts';
import type { StacksProfile, Timeline } from '../model/profile.ts';
import type { MappedLines, SourceMap } from './source-map.ts';

interface GeneratedFile {
  readonly file: string;
  readonly map: SourceMap;
}

/** @param profile whose functions are at their original places already */
export function moveExecutingLines(profile: StacksProfile, files: readonly GeneratedFile[]): StacksProfile {
  const { functions, callTree, timeline } = profile;
  return {
    ...profile,
    callTree: withLines(callTree, (isWanted) => {
      const lines = linesOfNodes(callTree, isWanted);
      return lines && moveTreeLines(lines, callTree.function, new OriginalLines(functions, files));
    }),
    timeline: timeline && moveSampleLines(timeline, callTree.function, new OriginalLines(functions, files)),
  };
}

/** @param functionOf NodeIndex -> FunctionIndex */
function moveTreeLines(lines: LineTimes, functionOf: Int32Array, original: OriginalLines): LineTimes {
  const node = new Int32Array(lines.length);
  for (let i = 0; i < functionOf.length; i++) node.fill(i, at(lines.start, i), at(lines.start, i + 1));
  const line = original.find(lines.line, (entry) => at(functionOf, at(node, entry)));
  const kept = Int32Array.from(line.keys()).filter((entry) => line[entry] !== 0);
  const rows = {
    length: kept.length,
    node: kept.map((entry) => at(node, entry)),
    line: kept.map((entry) => at(line, entry)),
    self: pickRows(lines.self, kept),
    samples: pickRows(lines.samples, kept),
  };
  return sumLines(rows, functionOf.length, lines.areScaled);
}

function moveSampleLines(timeline: Timeline, functionOf: Int32Array, original: OriginalLines): Timeline {
  const { node, line } = timeline;
  if (line === null) return timeline;
  const functionAt = (sample: number) => (at(node, sample) === -1 ? -1 : at(functionOf, at(node, sample)));
  return { ...timeline, line: original.find(line, functionAt) };
}

class OriginalLines {
  readonly #functions: FunctionTable;
  readonly #maps: ReadonlyMap<string, SourceMap>;

  constructor(functions: FunctionTable, files: readonly GeneratedFile[]) {
    this.#functions = functions;
    this.#maps = new Map(files.map(({ file, map }) => [file, map]));
  }

  /**
   * row -> 1-based line of the source, 0 if not known
   *
   * @param lines row -> 1-based line of the file that ran
   * @param functionOf row -> FunctionIndex, -1 for none
   */
  find(lines: Int32Array, functionOf: (row: number) => FunctionIndex): Int32Array {
    const wanted = new Map<string, Set<number>>();
    lines.forEach((line, row) => {
      const file = this.#functions.generated?.[functionOf(row)]?.file;
      if (file === undefined) return;
      const known = wanted.get(file);
      if (known === undefined) wanted.set(file, new Set([line - 1]));
      else known.add(line - 1);
    });
    const decoded = new Map(
      [...wanted].flatMap(([file, own]) => {
        const map = this.#maps.get(file);
        return map === undefined ? [] : [[file, map.decodeLines(own)] as const];
      }),
    );
    return lines.map((line, row) => this.#original(line, functionOf(row), decoded));
  }

  #original(line: number, fn: FunctionIndex, decoded: ReadonlyMap<string, MappedLines>): number {
    const generated = this.#functions.generated?.[fn];
    const map = generated == null ? undefined : decoded.get(generated.file);
    if (generated == null || map === undefined) return line;
    // Lines before the function are of code that V8 inlined into it.
    if (line < generated.line) return 0;
    const place = map.findLine(line - 1, line === generated.line ? generated.column - 1 : 0);
    return place !== null && place.file === this.#functions.file[fn] ? place.line : 0;
  }
}
