/**
 * The tree of call nodes that every form of V8's profiles holds, and the samples that point into it: from the file's
 * ids to rows. What differs from form to form, its clock, its nesting, its names, the readers take off before.
 */

import { plural } from '../../base/text.ts';
import { at } from '../../model/columns.ts';
import { type FunctionInfo, type FunctionKind, FunctionTableBuilder } from '../../model/function-table.ts';
import type { Microseconds, RawStacksProfile } from '../../model/raw-profile.ts';
import { duplicateNodeId, nodeCycle, secondParent, unknownNode } from '../errors.ts';
import { integerAt, type JsonObject, optionalString } from '../json.ts';

/** Nodes in file order. Ids are whole numbers of any size. */
export interface NodeColumns {
  readonly length: number;
  /** row -> id */
  readonly id: ArrayLike<number>;
  /** row -> id of the parent, NaN where the node does not say; null where none does */
  readonly parentId: ArrayLike<number> | null;
  /** row -> how many of the entries of `children` are its */
  readonly childCount: Int32Array;
  /** ids of children, those of the first node first */
  readonly children: ArrayLike<number>;
  /** row -> entry of `frames` */
  readonly frame: Int32Array;
  /** Call frames as the file has them; each once where the reader knows, in order of their first node. */
  readonly frames: readonly JsonObject[];
  /** row -> samples with this node on top; null where the file does not count */
  readonly hitCount: Int32Array | Float64Array | null;
}

/** What a profile is made of. */
export interface TreeParts {
  readonly nodes: NodeColumns;
  readonly places: Places;
  /** sample -> id of its node; null where the file has none */
  readonly sampleIds: ArrayLike<number> | null;
  /** sample -> µs since the start of recording */
  readonly times: Float64Array | null;
  readonly duration: Microseconds | null;
  readonly notes: readonly string[];
  readonly format: string;
  readonly executingLines: boolean;
}

/** What nodes are called in the file, whose form may be another than theirs here: errors name the file's places. */
export interface Places {
  /** What holds them all: `nodes`, `stackFrames`. */
  readonly all: string;
  /** row -> the node, as `nodes[3]` */
  readonly node: (row: number) => string;
  /** row -> its call frame, or a field of it, as `nodes[3].callFrame.url` */
  readonly frame: (row: number, field?: string) => string;
}

/** The places of nodes that have a `callFrame`. */
export function placesOf(all: string, node: (row: number) => string = (row) => `${all}[${row}]`): Places {
  return { all, node, frame: (row, field) => `${node(row)}.callFrame${field === undefined ? '' : `.${field}`}` };
}

/** Finds the rows behind ids, and makes a profile. Throws PstatError (`malformed`). */
export function treeOf({ nodes, places, sampleIds, times, duration, notes, ...about }: TreeParts): RawStacksProfile {
  const rowsOf = rowsById(nodes, places);
  const parent = parents(nodes, { places, rowsOf });
  const functions = new FunctionTableBuilder();
  const columns = {
    length: nodes.length,
    parent,
    function: functionColumn(nodes, parent, { functions, places }),
    hitCount: nodes.hitCount,
  };
  const paired = pairUp(sampleIds && rowsOf(sampleIds), times);
  return {
    counts: 'samples',
    ...about,
    functions: functions.finish(),
    nodes: columns,
    ...paired,
    duration,
    notes: [...notes, ...paired.notes],
  };
}

/** ids -> the rows of their nodes, -1 for an id that no node has. */
type RowsOf = (ids: ArrayLike<number>) => Int32Array;

/** Ids are mostly 1, 2, 3, … and their rows a column; of others they are a map. */
function rowsById({ id: ids }: NodeColumns, places: Places): RowsOf {
  return rowsInColumn(ids, places) ?? rowsInMap(ids, places);
}

/** Null where an id lies too far out. */
function rowsInColumn(ids: ArrayLike<number>, places: Places): RowsOf | null {
  // id -> row + 1, so that a new column knows nobody. Room that is never written to takes no memory of the machine's.
  const after = new Int32Array(4 * ids.length + 1024);
  for (let row = 0; row < ids.length; row++) {
    const id = at(ids, row);
    if (id < 0 || id >= after.length) return null;
    const first = at(after, id) - 1;
    if (first !== -1) throw duplicateNodeId(places.node(row), id, places.node(first));
    after[id] = row + 1;
  }
  return (wanted) => {
    const rows = new Int32Array(wanted.length);
    for (let i = 0; i < rows.length; i++) rows[i] = (after[at(wanted, i)] ?? 0) - 1;
    return rows;
  };
}

function rowsInMap(ids: ArrayLike<number>, places: Places): RowsOf {
  const rows = new Map<number, number>();
  for (let row = 0; row < ids.length; row++) {
    const id = at(ids, row);
    const first = rows.get(id);
    if (first !== undefined) throw duplicateNodeId(places.node(row), id, places.node(first));
    rows.set(id, row);
  }
  return (wanted) => Int32Array.from(wanted, (id) => rows.get(id) ?? -1);
}

interface Lookup {
  readonly places: Places;
  readonly rowsOf: RowsOf;
}

/** row -> row of the parent or -1, from lists of children, ids of parents, or both. */
function parents(nodes: NodeColumns, lookup: Lookup): Int32Array {
  const parent = new Int32Array(nodes.length).fill(-1);
  const listedFirst = addListedParents(parent, nodes, lookup);
  const namedFirst = addNamedParents(parent, nodes, lookup);
  // Where all parents stand before their children, as V8 writes them, none is on a cycle.
  const cyclic = listedFirst && namedFirst ? null : rowOnCycle(parent);
  if (cyclic !== null) throw nodeCycle(lookup.places.node(cyclic), at(nodes.id, cyclic));
  return parent;
}

/** Those that lists of children name. Whether each stands before its children. */
function addListedParents(parent: Int32Array, nodes: NodeColumns, { places, rowsOf }: Lookup): boolean {
  const { length, id: ids, childCount, children } = nodes;
  const childRows = rowsOf(children);
  let allFirst = true;
  let entry = 0;
  for (let row = 0; row < length; row++) {
    const start = entry;
    const end = start + at(childCount, row);
    for (; entry < end; entry++) {
      const child = at(childRows, entry);
      if (child === -1) throw unknownNode(childPlace(places, row, entry - start), at(children, entry), places.all);
      const known = at(parent, child);
      if (known !== -1) {
        throw secondParent(childPlace(places, row, entry - start), at(children, entry), at(ids, known));
      }
      parent[child] = row;
      if (child <= row) allFirst = false;
    }
  }
  return allFirst;
}

/** Those that nodes name. Whether each stands before its children. */
function addNamedParents(parent: Int32Array, nodes: NodeColumns, { places, rowsOf }: Lookup): boolean {
  const { length, id: ids, parentId } = nodes;
  if (parentId === null) return true;
  const parentRows = rowsOf(parentId);
  let allFirst = true;
  for (let row = 0; row < length; row++) {
    const id = at(parentId, row);
    if (Number.isNaN(id)) continue;
    const above = at(parentRows, row);
    if (above === -1) throw unknownNode(`${places.node(row)}.parent`, id, places.all);
    const known = at(parent, row);
    if (known !== -1 && known !== above) throw secondParent(`${places.node(row)}.parent`, at(ids, row), at(ids, known));
    parent[row] = above;
    if (row <= above) allFirst = false;
  }
  return allFirst;
}

function childPlace(places: Places, row: number, entry: number): string {
  return `${places.node(row)}.children[${entry}]`;
}

/** Follows each node upwards until a node that is known to end at a root: each node once, O(n). */
function rowOnCycle(parent: Int32Array): number | null {
  const seenFrom = new Int32Array(parent.length).fill(-1);
  for (let start = 0; start < parent.length; start++) {
    let row = start;
    while (row !== -1 && at(seenFrom, row) === -1) {
      seenFrom[row] = start;
      row = at(parent, row);
    }
    if (row !== -1 && at(seenFrom, row) === start) return row;
  }
  return null;
}

// ---- functions -----------------------------------------------------------------------------------------------------

interface Naming {
  readonly functions: FunctionTableBuilder;
  readonly places: Places;
}

/** row -> its function. A call frame of code is the same function wherever it stands; V8's own nodes go by their place. */
function functionColumn(nodes: NodeColumns, parent: Int32Array, { functions, places }: Naming): Int32Array {
  const { length, frame, frames } = nodes;
  const column = new Int32Array(length);
  const functionOf = new Int32Array(frames.length).fill(-1);
  const isRoot = (row: number) => isRootFrame(frames[at(frame, row)]);
  const readAt = (row: number) => {
    const above = at(parent, row);
    const where = above === -1 ? 'root' : at(parent, above) === -1 && isRoot(above) ? 'top' : 'inside';
    return readFrame(frames[at(frame, row)] ?? {}, where, (field) => places.frame(row, field));
  };
  for (let row = 0; row < length; row = fillKnown(column, { frame, functionOf, from: row + 1 })) {
    const info = readAt(row);
    const fn = functions.intern(info);
    column[row] = fn;
    if (!META_NAMES.has(info.name)) functionOf[at(frame, row)] = fn;
  }
  return column;
}

/**
 * Fills in the functions of frames that are known, up to a row whose frame is not, and gives back that row. Nearly all
 * rows pass here: by itself this is a loop that V8 compiles at once, and with all that reads a frame it took 20 ms to.
 */
function fillKnown(
  column: Int32Array,
  { frame, functionOf, from }: { readonly frame: Int32Array; readonly functionOf: Int32Array; readonly from: number },
): number {
  let row = from;
  for (; row < column.length; row++) {
    const known = at(functionOf, at(frame, row));
    if (known === -1) break;
    column[row] = known;
  }
  return row;
}

function isRootFrame(frame: JsonObject | undefined): boolean {
  return frame?.['functionName'] === '(root)' && (frame['url'] ?? '') === '';
}

/** V8's own nodes are told by name, an empty url and where they stand: a user's function may be called `(idle)`. */
const META: Readonly<Record<'root' | 'top', ReadonlyMap<string, FunctionKind>>> = {
  root: new Map([['(root)', 'root']]),
  top: new Map([
    ['(program)', 'program'],
    ['(idle)', 'idle'],
    ['(garbage collector)', 'gc'],
  ]),
};

const META_NAMES: ReadonlySet<string> = new Set(Object.values(META).flatMap((kinds) => [...kinds.keys()]));

function readFrame(
  frame: JsonObject,
  where: 'root' | 'top' | 'inside',
  place: (field: string) => string,
): FunctionInfo {
  const name = optionalString(frame['functionName'], '', place('functionName'));
  const file = optionalString(frame['url'], '', place('url'));
  // 0-based in the file, -1 or missing where there is none.
  const line = Math.max(0, lineNumber(frame['lineNumber'], place('lineNumber')) + 1);
  const column = Math.max(0, lineNumber(frame['columnNumber'], place('columnNumber')) + 1);
  const meta = where === 'inside' || file !== '' ? undefined : META[where].get(name);
  const kind = meta ?? codeKind({ name, file, line, scriptId: frame['scriptId'] });
  return { kind, name, file, line, column };
}

function lineNumber(value: unknown, place: string): number {
  return value === undefined || value === null ? -1 : integerAt(value, place);
}

/**
 * Code without a url came out of `eval` or `new Function` if it has a script, and is native if it has none. Where the
 * script is not told, a line tells: only traces leave out the line of code that has one, and they tell the script.
 */
function codeKind({
  name,
  file,
  line,
  scriptId,
}: Pick<FunctionInfo, 'name' | 'file' | 'line'> & { scriptId: unknown }): FunctionKind {
  if (file.startsWith('wasm://')) return 'wasm';
  if (file !== '') return 'js';
  if (name.startsWith('RegExp: ')) return 'regexp';
  const hasScript = scriptId === undefined || scriptId === null ? line !== 0 : String(scriptId) !== '0';
  return hasScript ? 'eval' : 'native';
}

/** Samples and their times, as long as both are. */
function pairUp(
  samples: Int32Array | null,
  times: Float64Array | null,
): Pick<RawStacksProfile, 'samples' | 'times' | 'notes'> {
  if (samples === null || times === null || samples.length === times.length) return { samples, times, notes: [] };
  const length = Math.min(samples.length, times.length);
  const extra = Math.max(samples.length, times.length) - length;
  const note =
    samples.length > times.length
      ? `${plural(extra, 'sample')} without a time delta at the end of the file were left out`
      : `${plural(extra, 'time delta')} without a sample at the end of the file were left out`;
  return { samples: samples.subarray(0, length), times: times.subarray(0, length), notes: [note] };
}
