/**
 * Profile → callgrind: functions with their self time, and edges with their inclusive time. The number of calls is exact
 * for a traced profile; for a sampled one it is the number of samples. A Python profile is written in ns, since its times
 * are finer than µs.
 *
 * An edge from a function to itself is left out, as pprof does: the inclusive time of a function is its self time plus
 * that of its edges, and the edge to itself is part of the others.
 *
 * `(root)` calls what no function of the profile calls.
 */

import { sum } from '../../base/averages.ts';
import { addTo, getOrInsert } from '../../base/maps.ts';
import { escapeControls } from '../../base/text.ts';
import { decodeFileUrl } from '../../base/url.ts';
import { VERSION } from '../../base/version.ts';
import { apportion, roundToSum } from '../../model/apportion.ts';
import { buildCallGraph, type CallGraph, type EdgeIndex } from '../../model/call-graph.ts';
import { at } from '../../model/columns.ts';
import type { FunctionIndex, FunctionTable } from '../../model/function-table.ts';
import type { WriteNote } from '../../model/notes.ts';
import type { Profile } from '../../model/profile.ts';
import { noTimes } from '../errors.ts';
import type { Part, WriteOptions, WrittenFile } from '../format.ts';
import { isWrittenKind, writtenName } from '../stacks/written-stacks.ts';
import { type Call, rootCalls } from './root-calls.ts';

/** Throws PstatError (`missing-data`) for a profile without times. */
export function writeCallgrind(parts: readonly Part[], options: WriteOptions): WrittenFile {
  const { profile, name } = at(parts, 0);
  const graph = buildCallGraph(profile);
  const isWritten = (fn: FunctionIndex) => isWrittenKind(at(graph.functions.kind, fn), options);
  const rows = [...graph.rows].filter(isWritten);
  if (rows.some((fn) => Number.isNaN(at(graph.metrics.self, fn)))) throw noTimes(name);
  const event = 'callTree' in profile ? profile.unit : 'ns';
  const unit = event === 'ns' ? 1e9 : 1;
  const self = roundToSum(Float64Array.from(rows, (fn) => Math.max(0, at(graph.metrics.self, fn)) * unit));
  const text = new CallgrindText(profile, graph, unit);
  rows.forEach((fn, row) => {
    text.addFunction(fn, at(self, row), isWritten);
  });
  text.addRoot(rootCalls(profile, graph).filter(({ callee }) => isWritten(callee)));
  const total = sum(self);
  const head = `# callgrind format\nversion: 1\ncreator: pstat ${VERSION}\ncmd: ${escapeControls(name)}\npositions: line\nevents: ${event}\n`;
  return {
    bytes: Buffer.from(`${head}${text.finish()}\ntotals: ${total}\n`),
    rows: rows.length,
    notes: notesOf(graph),
  };
}

function notesOf({ counts }: CallGraph): WriteNote[] {
  return counts === 'calls' ? [] : [{ code: 'written-samples-as-calls', format: 'callgrind' }];
}

class CallgrindText {
  readonly #lines: string[] = [];
  readonly #graph: CallGraph;
  readonly #unit: number;
  readonly #names: readonly string[];
  readonly #files: readonly string[];
  readonly #edgesOf = new Map<FunctionIndex, EdgeIndex[]>();
  readonly #known = new Map<string, number>();
  readonly #timesByLine: ReadonlyMap<FunctionIndex, ReadonlyMap<number, number>>;

  constructor(profile: Profile, graph: CallGraph, unit: number) {
    this.#timesByLine = timesByLine(profile);
    this.#graph = graph;
    this.#unit = unit;
    this.#files = graph.functions.file.map((file) => oneLine(decodeFileUrl(file)) || '???');
    this.#names = uniqueNames(graph.functions);
    for (let edge = 0; edge < graph.edges.length; edge++) {
      addTo(this.#edgesOf, at(graph.edges.caller, edge), edge);
    }
  }

  addFunction(fn: FunctionIndex, self: number, isWritten: (fn: FunctionIndex) => boolean): void {
    const line = at(this.#graph.functions.line, fn);
    const own = this.#linesOf(fn, self).map(([executing, time]) => `${executing} ${time}`);
    this.#lines.push(`\nfl=${this.#file(fn)}`, `fn=${this.#name(fn)}`, ...own);
    for (const edge of this.#edgesOf.get(fn) ?? []) {
      const callee = at(this.#graph.edges.callee, edge);
      if (callee !== fn && isWritten(callee)) this.#addEdge(edge, line);
    }
  }

  addRoot(calls: readonly Call[]): void {
    this.#lines.push('', `fl=${this.#compress('file', '???')}`, `fn=${this.#compress('function', '(root)')}`, '0 0');
    for (const call of calls) this.#addCall(call, 0);
  }

  finish(): string {
    return `${this.#lines.join('\n')}\n`;
  }

  #addEdge(edge: EdgeIndex, line: number): void {
    const { edges, counts } = this.#graph;
    const calls = at(counts === 'calls' ? edges.selfCount : edges.totalCount, edge);
    this.#addCall({ callee: at(edges.callee, edge), time: at(edges.total, edge), calls }, line);
  }

  /** @param line of the caller */
  #addCall({ callee, time, calls }: Call, line: number): void {
    const units = Math.round(time * this.#unit);
    this.#lines.push(
      `cfi=${this.#file(callee)}`,
      `cfn=${this.#name(callee)}`,
      `calls=${Number.isNaN(calls) ? 0 : calls} ${at(this.#graph.functions.line, callee)}`,
      `${line} ${Number.isFinite(units) ? units : 0}`,
    );
  }

  /** The executing lines of a function with its self time on each; time of no known line is on its first line. */
  #linesOf(fn: FunctionIndex, self: number): [line: number, time: number][] {
    const declared = at(this.#graph.functions.line, fn);
    const times = new Map(this.#timesByLine.get(fn));
    const rest = at(this.#graph.metrics.self, fn) - sum([...times.values()]);
    if (rest > 0 || times.size === 0) times.set(declared, (times.get(declared) ?? 0) + rest);
    const parts = apportion(self, [...times.values()]);
    return [...times.keys()].map((line, i): [number, number] => [line, at(parts, i)]).sort(([a], [b]) => a - b);
  }

  #file(fn: FunctionIndex): string {
    return this.#compress('file', at(this.#files, fn));
  }

  #name(fn: FunctionIndex): string {
    return this.#compress('function', at(this.#names, fn));
  }

  /** `(12) name` the first time, then `(12)`. Files and functions are numbered apart. */
  #compress(kind: 'file' | 'function', text: string): string {
    const key = `${kind} ${text}`;
    const known = this.#known.get(key);
    if (known !== undefined) return `(${known})`;
    this.#known.set(key, this.#known.size + 1);
    return `(${this.#known.size}) ${text}`;
  }
}

/** FunctionIndex -> executing line -> µs; empty for a profile that knows no lines. */
function timesByLine(profile: Profile): Map<FunctionIndex, Map<number, number>> {
  const times = new Map<FunctionIndex, Map<number, number>>();
  if (!('callTree' in profile) || profile.callTree.lines === null) return times;
  const { function: functionOf, lines } = profile.callTree;
  functionOf.forEach((fn, node) => {
    for (let entry = at(lines.start, node); entry < at(lines.start, node + 1); entry++) {
      const ofFunction = getOrInsert(times, fn, () => new Map<number, number>());
      const line = at(lines.line, entry);
      ofFunction.set(line, (ofFunction.get(line) ?? 0) + at(lines.self, entry));
    }
  });
  return times;
}

/** Functions of one file and name are one to callgrind: all but the first of a name get their line and column. */
function uniqueNames(functions: FunctionTable): readonly string[] {
  const taken = new Set<string>();
  return Array.from({ length: functions.length }, (_, fn) => {
    const name = oneLine(writtenName(functions, fn));
    const file = at(functions.file, fn);
    const candidates = [
      name,
      `${name}:${at(functions.line, fn)}`,
      `${name}:${at(functions.line, fn)}:${at(functions.column, fn)}`,
    ];
    const unique = candidates.find((each) => !taken.has(`${file} ${each}`)) ?? `${name} #${fn}`;
    taken.add(`${file} ${unique}`);
    return unique;
  });
}

function oneLine(text: string): string {
  return text.replace(/[\r\n\u2028\u2029]+/g, ' ');
}
