/**
 * Profile → the bytes of a .prof, which CPython's pstats loads, 2.7 to 3.13, and what builds on it: SnakeViz, gprof2dot.
 *
 * One marshalled dict: (file, line, name) to (cc, nc, tt, ct, callers), and in the callers the same key to
 * (nc, cc, tt, ct), the first two swapped (spec of pstats, 1.1).
 *
 * A traced profile is written as it was read: its functions and their callers in file order, every count in full,
 * every time bit for bit; a caller without figures stays a key among the callers, and the bare counts of the
 * pure-Python profiler stay bare. A code object in a key (`python -m profile`) has become its label.
 *
 * A sampled profile has samples where calls would be, as Python 3.15's own sampler has them: cc are the samples with
 * the function on top, nc those with it anywhere on the stack, so that cc ≤ nc as everywhere. An edge has the same of
 * the callee while called by that caller. tt and ct are the µs of pstat divided by 1e6, which is the double nearest to
 * them in seconds. A stack counts once in all of it, however deep the recursion. The 3.15 mark `('__sampled__',)` is
 * not written: pstats up to 3.13 dies of it.
 *
 * What is left out: V8's root, for it is no function; `(idle)`, unless it is asked for, so that Python's total is
 * pstat's whole; the time before the first sample and after the last, which belongs to none.
 */

import { plural } from '../../base/text.ts';
import { type CallGraph, callGraph, type EdgeIndex, type Metrics } from '../../model/call-graph.ts';
import { at, defined } from '../../model/columns.ts';
import type { Count } from '../../model/count.ts';
import type { FunctionIndex } from '../../model/function-table.ts';
import type { Profile } from '../../model/profile.ts';
import type { Seconds } from '../../model/raw-profile.ts';
import { untimed } from '../errors.ts';
import { pythonKeys } from './function-keys.ts';
import { MarshalWriter, type Written } from './marshal-writer.ts';

export interface DumpOptions {
  /**
   * Whether `(idle)` is a function like others, and its time part of Python's total.
   * @default false
   */
  readonly idle?: boolean;
}

/**
 * The bytes of a .prof, as Python's `Stats.dump_stats` writes one: functions, callers, counts and times in seconds.
 * Of a traced profile reading them gives every figure again, exactly. A sampled profile has samples for counts.
 *
 * @throws PstatError (`missing-data`) for a sampled profile that does not say how long anything took
 * @example
 * await writeFile('out.prof', dumpStats(await loadProfile('app.cpuprofile')));
 * // python3 -m pstats out.prof, snakeviz out.prof, gprof2dot -f pstats out.prof
 */
export function dumpStats(profile: Profile, options: DumpOptions = {}): Uint8Array {
  return encodeProf(profile, callGraph(profile), options).bytes;
}

export interface Dumped {
  readonly bytes: Uint8Array;
  /** functions in the file */
  readonly rows: number;
  /** What is not to be seen in the file, a sentence each. */
  readonly notes: readonly string[];
}

/** The same, where the call graph is there already, and what is to be said of it. */
export function encodeProf(profile: Profile, graph: CallGraph, options: DumpOptions = {}): Dumped {
  const { counted: whole, idle } = graph.sums;
  if ('callTree' in profile && Number.isNaN(whole + (idle ?? 0))) throw untimed(profile.sources[0] ?? '');
  const content = contentOf(graph, options);
  const keys = pythonKeys(graph.functions);
  const told = content.rows.filter((fn) => keys[fn]?.isDisambiguated === true).length;
  return {
    bytes: written(content, keys),
    rows: content.rows.length,
    notes: [...countNote(graph), ...toldNote(told), ...emptyNote(content.rows.length)],
  };
}

function countNote({ counts }: CallGraph): string[] {
  if (counts === 'calls') return [];
  return ['Python will say calls of what are samples: anywhere on the stack as calls, on top of it as primitive calls'];
}

function toldNote(told: number): string[] {
  if (told === 0) return [];
  const share = `${plural(told, 'function')} ${told === 1 ? 'shares' : 'share'} name and line with another`;
  return [`${share}: in the file the column is part of the name, as e:2345`];
}

function emptyNote(rows: number): string[] {
  return rows > 0 ? [] : ['the file holds no function, and Python’s pstats refuses such a one'];
}

/** What goes into the file: rows in order, each with its edges in order, and how figures are read off the graph. */
interface Content {
  readonly rows: readonly FunctionIndex[];
  readonly callers: ReadonlyMap<FunctionIndex, readonly EdgeIndex[]>;
  readonly graph: CallGraph;
}

function contentOf(graph: CallGraph, { idle = false }: DumpOptions): Content {
  const isLeftOut = (fn: FunctionIndex) => !idle && at(graph.functions.kind, fn) === 'idle';
  const callers = new Map<FunctionIndex, EdgeIndex[]>();
  for (let edge = 0; edge < graph.edges.length; edge++) {
    if (isLeftOut(at(graph.edges.caller, edge))) continue;
    const callee = at(graph.edges.callee, edge);
    const known = callers.get(callee);
    if (known === undefined) callers.set(callee, [edge]);
    else known.push(edge);
  }
  return { rows: [...graph.rows].filter((fn) => !isLeftOut(fn)), callers, graph };
}

function written({ rows, callers, graph }: Content, keys: ReturnType<typeof pythonKeys>): Uint8Array {
  const out = new MarshalWriter();
  const writeKey = keyWriter(out, keys);
  out.dict();
  for (const fn of rows) {
    writeKey(fn);
    const { cc, nc, tt, ct } = rowFigures(graph, fn);
    out.tuple(5);
    out.int(cc);
    out.int(nc);
    out.float(tt);
    out.float(ct);
    out.dict();
    for (const edge of callers.get(fn) ?? []) {
      writeKey(at(graph.edges.caller, edge));
      writeEdge(out, edgeFigures(graph, edge));
    }
    out.endDict();
  }
  out.endDict();
  return out.finish();
}

/** A key stands once as a function and again as every caller. */
function keyWriter(out: MarshalWriter, keys: ReturnType<typeof pythonKeys>): (fn: FunctionIndex) => void {
  const known = new Map<FunctionIndex, Written>();
  return (fn) => {
    const before = known.get(fn);
    if (before !== undefined) {
      out.again(before);
      return;
    }
    const key = keys[fn];
    if (key === undefined) throw new RangeError(`function ${fn} of ${keys.length}`);
    const bytes = out.written(() => {
      out.tuple(3);
      out.text(key.file);
      out.int(key.line);
      out.text(key.name);
    });
    known.set(fn, bytes);
  };
}

/** Where one of the counts is not known, no time is either: it was a bare count, and is again. */
function writeEdge(out: MarshalWriter, { cc, nc, tt, ct }: PythonFigures): void {
  if (Number.isNaN(cc)) out.int(nc);
  else if (Number.isNaN(nc)) out.int(cc);
  else {
    out.tuple(4);
    out.int(nc);
    out.int(cc);
    out.float(tt);
    out.float(ct);
  }
}

/** In the words of pstats. */
interface PythonFigures {
  readonly cc: Count;
  readonly nc: Count;
  readonly tt: Seconds;
  readonly ct: Seconds;
}

function rowFigures({ counts, figures, unit }: CallGraph, fn: FunctionIndex): PythonFigures {
  return pythonFigures(figures, fn, { isSampled: counts === 'samples', unit });
}

/** An edge with times was written in the order of calls, whatever it counts; only those of V8 were never written. */
function edgeFigures({ counts, edges, unit }: CallGraph, edge: EdgeIndex): PythonFigures {
  return pythonFigures(edges, edge, { isSampled: counts === 'samples' && unit === 1, unit });
}

function pythonFigures(
  { selfCount: count, totalCount: subcount, self, total }: Metrics,
  index: number,
  { isSampled, unit }: { readonly isSampled: boolean; readonly unit: CallGraph['unit'] },
): PythonFigures {
  // Seconds are written as they were read; dividing would change them.
  const seconds = (time: number) => (unit === 1 ? time / 1e6 : time);
  return {
    cc: defined((isSampled ? count : subcount)[index]),
    nc: defined((isSampled ? subcount : count)[index]),
    tt: seconds(at(self, index)),
    ct: seconds(at(total, index)),
  };
}
