/**
 * The tree of call nodes that every form of V8's profiles holds, and the samples that point into it: checked, and made
 * into columns. What differs from form to form, its clock, its nesting, its names, the readers take off before.
 */

import { duplicateNodeId, nodeCycle, secondParent, unknownNode, wrongType } from '../errors.ts';
import { at, type FunctionInfo, type FunctionKind, FunctionTableBuilder } from '../model/function-table.ts';
import type { Microseconds, RawNodes, RawPathsProfile } from '../model/raw-profile.ts';
import { plural } from '../text.ts';
import {
  integerAt,
  integerIn,
  isObject,
  type JsonObject,
  objectAt,
  optionalList,
  optionalNumber,
  optionalString,
} from './json.ts';

/** What every generation of the format holds, once its own clock and nesting are taken off. */
export interface NodeList {
  readonly nodes: readonly JsonObject[];
  readonly samples: readonly unknown[] | null;
  /** sample -> µs since the start of recording */
  readonly times: Float64Array | null;
  readonly duration: Microseconds | null;
  readonly notes: readonly string[];
  readonly format: string;
  readonly executingLines: boolean;
  readonly places: Places;
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

/** Checks nodes and samples, and makes columns of them. Throws PstatError (`malformed`). */
export function readTree({ nodes, places, samples, times, duration, notes, ...about }: NodeList): RawPathsProfile {
  const list = { nodes, places };
  const rowOf = indexById(list);
  const parent = parents(list, rowOf);
  const functions = new FunctionTableBuilder();
  const columns: RawNodes = {
    length: nodes.length,
    parent,
    function: functionColumn(list, parent, functions),
    hitCount: hitCounts(list),
  };
  const paired = pairUp(sampleRows(samples, rowOf), times);
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

type PlacedNodes = Pick<NodeList, 'nodes' | 'places'>;

/** Node id -> row. */
function indexById({ nodes, places }: PlacedNodes): Map<number, number> {
  const rowOf = new Map<number, number>();
  nodes.forEach((node, row) => {
    const id = integerAt(node['id'], `${places.node(row)}.id`);
    const first = rowOf.get(id);
    if (first !== undefined) throw duplicateNodeId(places.node(row), id, places.node(first));
    rowOf.set(id, row);
  });
  return rowOf;
}

/** row -> row of the parent or -1, from `children` lists, `parent` ids or both. */
function parents({ nodes, places }: PlacedNodes, rowOf: ReadonlyMap<number, number>): Int32Array {
  const parent = new Int32Array(nodes.length).fill(-1);
  const idOf = (row: number) => Number(nodes[row]?.['id']);
  const rowNamed = (value: unknown, place: string): number => {
    const id = integerAt(value, place);
    const row = rowOf.get(id);
    if (row === undefined) throw unknownNode(place, id, places.all);
    return row;
  };
  nodes.forEach((node, row) => {
    const children = optionalList(node['children'], `${places.node(row)}.children`) ?? [];
    children.forEach((value, i) => {
      const place = `${places.node(row)}.children[${i}]`;
      const child = rowNamed(value, place);
      if (at(parent, child) !== -1) throw secondParent(place, idOf(child), idOf(at(parent, child)));
      parent[child] = row;
    });
  });
  nodes.forEach((node, row) => {
    if (node['parent'] === undefined || node['parent'] === null) return;
    const place = `${places.node(row)}.parent`;
    const above = rowNamed(node['parent'], place);
    const known = at(parent, row);
    if (known !== -1 && known !== above) throw secondParent(place, idOf(row), idOf(known));
    parent[row] = above;
  });
  const cyclic = rowOnCycle(parent);
  if (cyclic !== null) throw nodeCycle(places.node(cyclic), idOf(cyclic));
  return parent;
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

function functionColumn(
  { nodes, places }: PlacedNodes,
  parent: Int32Array,
  functions: FunctionTableBuilder,
): Int32Array {
  return Int32Array.from(nodes, (node, row) => {
    const frame = objectAt(node['callFrame'], places.frame(row));
    const above = at(parent, row);
    const where = above === -1 ? 'root' : at(parent, above) === -1 && isRootFrame(nodes[above]) ? 'top' : 'inside';
    return functions.intern(readFrame(frame, where, (field) => places.frame(row, field)));
  });
}

function isRootFrame(node: JsonObject | undefined): boolean {
  const frame = node?.['callFrame'];
  return isObject(frame) && frame['functionName'] === '(root)' && (frame['url'] ?? '') === '';
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

function hitCounts({ nodes, places }: PlacedNodes): Float64Array | null {
  if (!nodes.some((node) => typeof node['hitCount'] === 'number')) return null;
  return Float64Array.from(nodes, (node, row) => {
    const place = `${places.node(row)}.hitCount`;
    const hits = optionalNumber(node['hitCount'], place) ?? 0;
    if (hits < 0 || !Number.isInteger(hits)) throw wrongType(place, 'a count', hits);
    return hits;
  });
}

/** sample -> row of its node, -1 for one that is not in the file */
function sampleRows(list: readonly unknown[] | null, rowOf: ReadonlyMap<number, number>): Int32Array | null {
  return list && Int32Array.from(list, (_, i) => rowOf.get(integerIn(list, i, 'samples')) ?? -1);
}

/** Samples and their times, as long as both are. */
function pairUp(
  samples: Int32Array | null,
  times: Float64Array | null,
): Pick<RawPathsProfile, 'samples' | 'times' | 'notes'> {
  if (samples === null || times === null || samples.length === times.length) return { samples, times, notes: [] };
  const length = Math.min(samples.length, times.length);
  const extra = Math.max(samples.length, times.length) - length;
  const note =
    samples.length > times.length
      ? `${plural(extra, 'sample')} without a time delta at the end of the file were left out`
      : `${plural(extra, 'time delta')} without a sample at the end of the file were left out`;
  return { samples: samples.subarray(0, length), times: times.subarray(0, length), notes: [note] };
}
