/**
 * Profile → .prof, for CPython's pstats (2.7 to 3.14) and tools built on it: SnakeViz, gprof2dot.
 *
 * The file is one marshalled dict: (file, line, name) to (cc, nc, tt, ct, callers), and in callers the same key to
 * (nc, cc, tt, ct), with the first two swapped. See `add_callers` in
 * https://github.com/python/cpython/blob/main/Lib/pstats.py.
 *
 * A traced profile is written as it was read: functions and callers in file order, every count in full, every time bit for
 * bit. A caller without figures stays a key in callers; a bare count of the pure-Python profiler stays a bare count. A code
 * object in a key (`python -m profile`) is written as its label.
 *
 * A sampled profile has samples for calls, as in the files of Python 3.15's sampler: cc is the samples on top of the stack,
 * nc the samples anywhere on it, so cc ≤ nc always holds. An edge has the same counts of the callee while this caller
 * called it. tt and ct are µs / 1e6, the nearest double in seconds. A stack counts once, however deep the recursion. The
 * marker `('__sampled__',)` of 3.15 is not written: pstats up to 3.13 fails on it.
 *
 * Not written: V8's root, which is no function; `(idle)`, unless asked for, so that Python's total equals the counted time;
 * the time before the first sample and after the last.
 */

import { addTo } from '../../base/maps.ts';
import { buildCallGraph, type CallGraph, type EdgeIndex, type Metrics } from '../../model/call-graph.ts';
import { at, defined } from '../../model/columns.ts';
import type { Count } from '../../model/count.ts';
import type { FunctionIndex } from '../../model/function-table.ts';
import type { WriteNote } from '../../model/notes.ts';
import type { Profile } from '../../model/profile.ts';
import type { Seconds } from '../../model/raw-profile.ts';
import { noTimes, notOfTime } from '../errors.ts';
import type { WriteOptions, WrittenFile } from '../format.ts';
import { pythonKeys } from './function-keys.ts';
import { MarshalWriter, type WrittenRange } from './marshal-writer.ts';

export type WriteProfOptions = Pick<WriteOptions, 'idle'>;

/**
 * Writes a .prof file, as Python's `Stats.dump_stats` does: functions, callers, counts and times in seconds. Reading the
 * file of a traced profile gives the same figures again. A sampled profile has samples for counts.
 *
 * @throws PstatError (`missing-data`) for a sampled profile without times, and for one of bytes or counts
 * @example
 * await writeFile('out.prof', writeProf(await loadProfile('app.cpuprofile')));
 * // python3 -m pstats out.prof, snakeviz out.prof, gprof2dot -f pstats out.prof
 */
export function writeProf(profile: Profile, options: WriteProfOptions = {}): Uint8Array {
  return toProf(profile, options).bytes;
}

/** As `writeProf`, with notes. */
export function toProf(profile: Profile, options: WriteProfOptions): WrittenFile {
  const graph = buildCallGraph(profile);
  const { counted, idle } = graph.sums;
  if ('callTree' in profile && profile.unit !== 'us') throw notOfTime(profile.sources[0] ?? '');
  if ('callTree' in profile && Number.isNaN(counted + (idle ?? 0))) throw noTimes(profile.sources[0] ?? '');
  const content = selectContent(graph, options);
  const keys = pythonKeys(graph.functions);
  const disambiguated = content.rows.filter((fn) => keys[fn]?.isDisambiguated === true).length;
  return {
    bytes: marshalContent(content, keys),
    rows: content.rows.length,
    notes: [...countNote(graph), ...disambiguatedNote(disambiguated), ...emptyNote(content.rows.length)],
  };
}

function countNote({ counts }: CallGraph): WriteNote[] {
  return counts === 'calls' ? [] : [{ code: 'written-samples-as-calls', format: 'prof' }];
}

function disambiguatedNote(functions: number): WriteNote[] {
  return functions === 0 ? [] : [{ code: 'written-columns-in-names', count: functions }];
}

function emptyNote(rows: number): WriteNote[] {
  return rows > 0 ? [] : [{ code: 'written-no-function' }];
}

/** What the file holds: rows in order, each with its edges in order, and the graph with their figures. */
interface Content {
  readonly rows: readonly FunctionIndex[];
  readonly callers: ReadonlyMap<FunctionIndex, readonly EdgeIndex[]>;
  readonly graph: CallGraph;
}

function selectContent(graph: CallGraph, { idle = false }: WriteProfOptions): Content {
  const isExcluded = (fn: FunctionIndex) => !idle && at(graph.functions.kind, fn) === 'idle';
  const callers = new Map<FunctionIndex, EdgeIndex[]>();
  for (let edge = 0; edge < graph.edges.length; edge++) {
    if (isExcluded(at(graph.edges.caller, edge))) continue;
    addTo(callers, at(graph.edges.callee, edge), edge);
  }
  return { rows: [...graph.rows].filter((fn) => !isExcluded(fn)), callers, graph };
}

function marshalContent({ rows, callers, graph }: Content, keys: ReturnType<typeof pythonKeys>): Uint8Array {
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
      writeEdge(out, edgeMetrics(graph, edge));
    }
    out.endDict();
  }
  out.endDict();
  return out.finish();
}

/** Returns a function that writes a key: each key is encoded once, and copied where it is a caller. */
function keyWriter(out: MarshalWriter, keys: ReturnType<typeof pythonKeys>): (fn: FunctionIndex) => void {
  const known = new Map<FunctionIndex, WrittenRange>();
  return (fn) => {
    const before = known.get(fn);
    if (before !== undefined) {
      out.repeat(before);
      return;
    }
    const key = keys[fn];
    if (key === undefined) throw new RangeError(`function ${fn} of ${keys.length}`);
    const bytes = out.record(() => {
      out.tuple(3);
      out.text(key.file);
      out.int(key.line);
      out.text(key.name);
    });
    known.set(fn, bytes);
  };
}

/** If one count is unknown, the times are too: the edge was read from a bare count and is written as one. */
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

/** With the names of pstats: cc primitive calls, nc calls, tt tottime, ct cumtime. */
interface PythonFigures {
  readonly cc: Count;
  readonly nc: Count;
  readonly tt: Seconds;
  readonly ct: Seconds;
}

function rowFigures({ counts, metrics, unit }: CallGraph, fn: FunctionIndex): PythonFigures {
  return pythonFigures(metrics, fn, { isSampled: counts === 'samples', unit });
}

/** Edges read from a .prof have the order of calls, whatever they count; edges of V8 profiles have the order of samples. */
function edgeMetrics({ counts, edges, unit }: CallGraph, edge: EdgeIndex): PythonFigures {
  return pythonFigures(edges, edge, { isSampled: counts === 'samples' && unit === 1, unit });
}

function pythonFigures(
  { selfCount, totalCount, self, total }: Metrics,
  index: number,
  { isSampled, unit }: { readonly isSampled: boolean; readonly unit: CallGraph['unit'] },
): PythonFigures {
  // Seconds are written as they were read: a division would change them.
  const seconds = (time: number) => (unit === 1 ? time / 1e6 : time);
  // Python needs a number where the number of samples is not known.
  const count = (column: Metrics['selfCount']) => {
    const known = defined(column[index]);
    return isSampled && Number.isNaN(known) ? 0 : known;
  };
  return {
    cc: count(isSampled ? selfCount : totalCount),
    nc: count(isSampled ? totalCount : selfCount),
    tt: seconds(at(self, index)),
    ct: seconds(at(total, index)),
  };
}
