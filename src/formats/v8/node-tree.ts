/**
 * The tree of call nodes, common to all V8 formats, and the samples that refer to it: from the file's ids to rows. The
 * readers remove what differs between formats first: clocks, nesting, names.
 */

import { at, defined, intAt } from '../../model/columns.ts';
import {
  type FunctionInfo,
  type FunctionKind,
  FunctionTableBuilder,
  META_NAMES,
  metaKinds,
} from '../../model/function-table.ts';
import type { ProfileNote } from '../../model/notes.ts';
import type { Microseconds, PositionTicks, RawStacksProfile } from '../../model/raw-profile.ts';
import { duplicateNodeId, nodeCycle, secondParent, unknownNode } from '../errors.ts';
import { integerAt, type JsonObject, optionalId, optionalString } from '../json.ts';
import { codeKind, type Producer } from './producer.ts';

/** Nodes in file order. Ids are whole numbers of any size. */
export interface NodeColumns {
  readonly length: number;
  /** row -> id */
  readonly id: ArrayLike<number>;
  /** row -> id of the parent, NaN if the node has none; null if no node has one */
  readonly parentId: ArrayLike<number> | null;
  /** row -> number of its entries in `children` */
  readonly childCount: Int32Array;
  /** ids of children, in the order of nodes */
  readonly children: ArrayLike<number>;
  /** row -> entry of `frames` */
  readonly frame: Int32Array;
  /** Call frames as in the file, in order of their first node. The scanner lists equal frames once. */
  readonly frames: readonly JsonObject[];
  /** row -> samples with this node on top; null if the file has no counts */
  readonly hitCount: Int32Array | Float64Array | null;
  /** Ticks by row and line; null if no node has any */
  readonly positionTicks: PositionTicks | null;
}

/** The parts of a profile. */
export interface TreeParts {
  readonly nodes: NodeColumns;
  readonly places: Places;
  readonly producer: Producer;
  /** sample -> id of its node; null if the file has none */
  readonly sampleIds: ArrayLike<number> | null;
  /** sample -> µs since the start of recording */
  readonly times: Float64Array | null;
  /** sample -> 1-based line that was executing, 0 if not known; null if the file has none */
  readonly sampleLines: Int32Array | null;
  readonly duration: Microseconds | null;
  readonly notes: readonly ProfileNote[];
  readonly format: string;
}

/** Names the places of nodes in the file, for errors: the file may nest them differently. */
export interface Places {
  /** What holds all nodes: `nodes`, `stackFrames`. */
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

/** Resolves ids to rows and makes a profile. Throws PstatError (`malformed`). */
export function buildTree(parts: TreeParts): RawStacksProfile {
  const { nodes, places, producer, sampleIds, times, sampleLines, duration, notes, format } = parts;
  const rowsOf = rowsById(nodes, places);
  const { parent, orphans } = parentColumn(nodes, { places, rowsOf });
  const functions = new FunctionTableBuilder();
  const columns = {
    length: nodes.length,
    parent,
    function: functionColumn(nodes, parent, { functions, places, producer }),
    hitCount: nodes.hitCount,
    ...(nodes.positionTicks === null ? {} : { positionTicks: nodes.positionTicks }),
  };
  const paired = pairSamples(sampleIds && rowsOf(sampleIds), times);
  return {
    counts: 'samples',
    format,
    linesAreSampled: producer.writesExecutingLines && nodes.positionTicks === null,
    functions: functions.finish(),
    nodes: columns,
    ...paired,
    ...(sampleLines === null ? {} : { sampleLines: sampleLines.subarray(0, paired.samples?.length ?? 0) }),
    duration,
    notes: [...notes, ...orphansNote(orphans), ...paired.notes],
  };
}

/** Maps ids to the rows of their nodes; -1 for an unknown id. */
type RowsOf = (ids: ArrayLike<number>) => Int32Array;

/** Ids are mostly 1, 2, 3, …, and a column maps them; a Map maps others. */
function rowsById({ id: ids }: NodeColumns, places: Places): RowsOf {
  return rowsInColumn(ids, places) ?? rowsInMap(ids, places);
}

/** Returns null if an id is too large for a column. */
function rowsInColumn(ids: ArrayLike<number>, places: Places): RowsOf | null {
  // id -> row + 1; 0 means unknown. Untouched pages are not committed.
  const rowAfter = new Int32Array(4 * ids.length + 1024);
  for (let row = 0; row < ids.length; row++) {
    const id = defined(ids[row]);
    if (id < 0 || id >= rowAfter.length) return null;
    const first = intAt(rowAfter, id) - 1;
    if (first !== -1) throw duplicateNodeId(places.node(row), id, places.node(first));
    rowAfter[id] = row + 1;
  }
  return (wanted) => {
    const rows = new Int32Array(wanted.length);
    for (let i = 0; i < rows.length; i++) rows[i] = (rowAfter[defined(wanted[i])] ?? 0) - 1;
    return rows;
  };
}

function rowsInMap(ids: ArrayLike<number>, places: Places): RowsOf {
  const rows = new Map<number, number>();
  for (let row = 0; row < ids.length; row++) {
    const id = defined(ids[row]);
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

interface Parents {
  /** row -> row of the parent or -1 */
  readonly parent: Int32Array;
  /** The number of nodes whose parent is not in the file. */
  readonly orphans: number;
}

/** The parents from lists of children, ids of parents, or both. */
function parentColumn(nodes: NodeColumns, lookup: Lookup): Parents {
  const parent = new Int32Array(nodes.length).fill(-1);
  const listedFirst = addListedParents(parent, nodes, lookup);
  const { allFirst: namedFirst, orphans } = addNamedParents(parent, nodes, lookup);
  // If every parent precedes its children, as V8 writes them, there is no cycle.
  const cyclic = listedFirst && namedFirst ? null : rowOnCycle(parent);
  if (cyclic !== null) throw nodeCycle(lookup.places.node(cyclic), at(nodes.id, cyclic));
  return { parent, orphans };
}

function orphansNote(orphans: number): ProfileNote[] {
  return orphans === 0 ? [] : [{ code: 'orphan-nodes', count: orphans }];
}

/** Adds the parents given by lists of children. Returns whether each precedes its children. */
function addListedParents(parent: Int32Array, nodes: NodeColumns, { places, rowsOf }: Lookup): boolean {
  const { length, id: ids, childCount, children } = nodes;
  const childRows = rowsOf(children);
  let allFirst = true;
  let entry = 0;
  for (let row = 0; row < length; row++) {
    const start = entry;
    const end = start + intAt(childCount, row);
    for (; entry < end; entry++) {
      const child = intAt(childRows, entry);
      if (child === -1) throw unknownNode(childPlace(places, row, entry - start), at(children, entry), places.all);
      const known = intAt(parent, child);
      if (known !== -1) {
        throw secondParent(childPlace(places, row, entry - start), at(children, entry), at(ids, known));
      }
      parent[child] = row;
      if (child <= row) allFirst = false;
    }
  }
  return allFirst;
}

/**
 * Adds the parents that nodes name. A trace may have lost the chunk with a parent: the root calls such a node. Returns
 * whether each parent precedes its children.
 */
function addNamedParents(
  parent: Int32Array,
  nodes: NodeColumns,
  { places, rowsOf }: Lookup,
): { allFirst: boolean; orphans: number } {
  const { length, id: ids, parentId } = nodes;
  if (parentId === null) return { allFirst: true, orphans: 0 };
  const parentRows = rowsOf(parentId);
  const root = rootRow(nodes, parent);
  let orphans = 0;
  let allFirst = true;
  for (let row = 0; row < length; row++) {
    const id = defined(parentId[row]);
    if (Number.isNaN(id)) continue;
    const known = intAt(parent, row);
    const isOrphan = intAt(parentRows, row) === -1;
    if (isOrphan) orphans++;
    if (isOrphan && known !== -1) continue;
    const above = isOrphan ? root : intAt(parentRows, row);
    if (known !== -1 && known !== above) throw secondParent(`${places.node(row)}.parent`, at(ids, row), at(ids, known));
    parent[row] = above;
    if (row <= above) allFirst = false;
  }
  return { allFirst, orphans };
}

/** The first node without a parent that is called (root); -1 if there is none. */
function rootRow({ length, parentId, frame, frames }: NodeColumns, parent: Int32Array): number {
  for (let row = 0; row < length; row++) {
    const isTop = intAt(parent, row) === -1 && Number.isNaN(parentId?.[row] ?? Number.NaN);
    if (isTop && isRootFrame(frames[intAt(frame, row)])) return row;
  }
  return -1;
}

function childPlace(places: Places, row: number, entry: number): string {
  return `${places.node(row)}.children[${entry}]`;
}

/** Returns a row on a cycle, or null. Follows each node up to one that was followed before: O(n). */
function rowOnCycle(parent: Int32Array): number | null {
  const seenFrom = new Int32Array(parent.length).fill(-1);
  for (let start = 0; start < parent.length; start++) {
    let row = start;
    while (row !== -1 && intAt(seenFrom, row) === -1) {
      seenFrom[row] = start;
      row = intAt(parent, row);
    }
    if (row !== -1 && intAt(seenFrom, row) === start) return row;
  }
  return null;
}

// ---- functions -----------------------------------------------------------------------------------------------------

interface Naming {
  readonly functions: FunctionTableBuilder;
  readonly places: Places;
  readonly producer: Producer;
}

/** row -> its function. A call frame of code is one function at any place; V8's own nodes depend on their place in the tree. */
function functionColumn(nodes: NodeColumns, parent: Int32Array, naming: Naming): Int32Array {
  const { functions, places, producer } = naming;
  const { length, frame, frames } = nodes;
  const column = new Int32Array(length);
  const functionOf = new Int32Array(frames.length).fill(-1);
  const isRoot = (row: number) => isRootFrame(frames[intAt(frame, row)]);
  const readAt = (row: number) => {
    const above = intAt(parent, row);
    const where = above === -1 ? 'root' : intAt(parent, above) === -1 && isRoot(above) ? 'top' : 'inside';
    return readFrame(frames[intAt(frame, row)] ?? {}, { where, producer, place: (field) => places.frame(row, field) });
  };
  for (let row = 0; row < length; row = fillKnown(column, { frame, functionOf, from: row + 1 })) {
    const info = readAt(row);
    const fn = functions.intern(info);
    column[row] = fn;
    if (!META.root.has(info.name) && !META.top.has(info.name)) functionOf[intAt(frame, row)] = fn;
  }
  return column;
}

/**
 * Fills in the functions of known frames and returns the first row whose frame is unknown. Nearly all rows are handled here:
 * V8 optimizes this short loop at once; as a part of the loop that reads frames, it took 20 ms longer.
 */
function fillKnown(
  column: Int32Array,
  { frame, functionOf, from }: { readonly frame: Int32Array; readonly functionOf: Int32Array; readonly from: number },
): number {
  let row = from;
  for (; row < column.length; row++) {
    const known = intAt(functionOf, intAt(frame, row));
    if (known === -1) break;
    column[row] = known;
  }
  return row;
}

function isRootFrame(frame: JsonObject | undefined): boolean {
  return frame?.['functionName'] === META_NAMES.root && (frame['url'] ?? '') === '';
}

/** V8's own nodes have these names, no url and this place in the tree. A user's function may be called `(idle)` too. */
const META: Readonly<Record<'root' | 'top', ReadonlyMap<string, FunctionKind>>> = {
  root: metaKinds('root'),
  top: metaKinds('program', 'idle', 'gc'),
};

interface FrameContext {
  readonly where: 'root' | 'top' | 'inside';
  readonly producer: Producer;
  /** A field's place in the file. */
  readonly place: (field: string) => string;
}

function readFrame(frame: JsonObject, { where, producer, place }: FrameContext): FunctionInfo {
  const name = optionalString(frame['functionName'], '', place('functionName'));
  const file = optionalString(frame['url'], '', place('url'));
  const lineNumber = lineIn(frame['lineNumber'], place('lineNumber'));
  const columnNumber = lineIn(frame['columnNumber'], place('columnNumber'));
  const kind =
    (where === 'inside' || file !== '' ? undefined : META[where].get(name)) ??
    codeKind(
      { name, file, scriptId: optionalId(frame['scriptId'], place('scriptId')), lineNumber, columnNumber },
      producer,
    );
  if (PLACELESS.has(kind)) return { kind, name, file, line: 0, column: 0 };
  const line = Math.max(0, lineNumber - producer.firstLine + 1);
  // WebAssembly has no columns: the field is the offset of a byte.
  const column = Math.max(0, columnNumber - producer.firstLine + (kind === 'wasm' ? 0 : 1));
  return { kind, name, file, line, column };
}

/** V8's own nodes and native code have no place, whatever numbers a producer writes for none. */
const PLACELESS: ReadonlySet<FunctionKind> = new Set(['root', 'program', 'idle', 'gc', 'native', 'regexp']);

/** As in the file; -1 if there is none. */
function lineIn(value: unknown, place: string): number {
  return value === undefined || value === null ? -1 : integerAt(value, place);
}

/** Cuts samples and times to the same length. */
function pairSamples(
  samples: Int32Array | null,
  times: Float64Array | null,
): Pick<RawStacksProfile, 'samples' | 'times' | 'notes'> {
  if (samples === null || times === null || samples.length === times.length) return { samples, times, notes: [] };
  const length = Math.min(samples.length, times.length);
  const count = Math.max(samples.length, times.length) - length;
  const missing = samples.length > times.length ? 'time-deltas' : 'samples';
  return {
    samples: samples.subarray(0, length),
    times: times.subarray(0, length),
    notes: [{ code: 'unpaired-samples', missing, count }],
  };
}
