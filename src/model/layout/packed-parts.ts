/**
 * Profiles of single requests as parts of the profile that they were merged into: their nodes, rows and edges are named by
 * those of the whole, so that functions, stacks and texts are in a file once.
 */

import { BrokenColumnsError } from '../../base/packed-bytes.ts';
import { type Columns, indexColumn } from '../../base/packed-columns.ts';
import { at } from '../columns.ts';
import { toDepthFirst } from '../depth-first.ts';
import type { FunctionTable } from '../function-table.ts';
import { MergedEdges, MergedRows } from '../merge-edges.ts';
import { MergedNodes } from '../merge-nodes.ts';
import { PairIndex } from '../pair-index.ts';
import type { EdgesProfile, Profile, StacksProfile } from '../profile.ts';
import { type LargeCounts, type PackedEdges, packEdges, unpackEdges } from './packed-edges.ts';
import { type PackedStacks, packStacks, unpackFigures } from './packed-stacks.ts';

/** A profile, and where its functions are in the table of the whole. */
export interface Part {
  readonly profile: Profile;
  readonly functionOf: Int32Array;
}

/** A number and `/` before the name of a column say which part it is of. */
const PREFIX = /^(\d+)\/(.+)$/;

/** Returns the columns, by name, and the counts that no column can hold. The parts are of one kind with the whole. */
export function packParts(whole: Profile, parts: readonly Part[]) {
  const columns = new Map<string, ArrayLike<number>>();
  const large: LargeCounts[number][] = [];
  const pack = 'callTree' in whole ? stacksPacker(whole) : edgesPacker(whole);
  parts.forEach((part, i) => {
    const packed = pack(part);
    for (const [name, values] of packed.columns) columns.set(`${i}/${name}`, values);
    for (const [name, row, digits] of packed.large) large.push([`${i}/${name}`, row, digits]);
  });
  return { columns, large };
}

/** Throws RangeError for a part that was not merged into the whole. */
function stacksPacker({ callTree: whole }: StacksProfile) {
  const nodes = new PairIndex(whole.length);
  for (let node = 0; node < whole.length; node++) nodes.indexOf(at(whole.parent, node), at(whole.function, node));
  return ({ profile, functionOf }: Part) => {
    if (!('callTree' in profile)) throw new RangeError('a part without stacks');
    const { callTree } = profile;
    const nodeOf = new Int32Array(callTree.length);
    for (let node = 0; node < nodeOf.length; node++) {
      const parent = at(callTree.parent, node);
      const above = parent === -1 ? -1 : at(nodeOf, parent);
      nodeOf[node] = nodes.indexOf(above, at(functionOf, at(callTree.function, node)));
    }
    if (nodes.length !== whole.length) throw new RangeError('a stack that the whole does not have');
    const packed = Object.fromEntries(packStacks(profile));
    const { 'tree.up': _, 'tree.callee': __, 'tree.function': ___, ...figures } = packed;
    return { columns: Object.entries<ArrayLike<number>>({ 'tree.node': nodeOf, ...figures }), large: [] };
  };
}

function edgesPacker(whole: EdgesProfile) {
  const rowOf = new Map([...whole.rows].map((fn, row) => [fn, row]));
  const edges = new PairIndex(whole.edges.length);
  for (let edge = 0; edge < whole.edges.length; edge++)
    edges.indexOf(at(whole.edges.caller, edge), at(whole.edges.callee, edge));
  return ({ profile, functionOf }: Part) => {
    if ('callTree' in profile) throw new RangeError('a part with stacks');
    const translated = (fn: number) => at(functionOf, fn);
    const { caller, callee, length } = profile.edges;
    const of = {
      'row.of': profile.rows.map((fn) => rowOf.get(translated(fn)) ?? -1),
      'edge.of': Int32Array.from({ length }, (_, edge) =>
        edges.indexOf(translated(at(caller, edge)), translated(at(callee, edge))),
      ),
    };
    if (edges.length !== whole.edges.length || of['row.of'].includes(-1))
      throw new RangeError('a function or a call that the whole does not have');
    const { columns, large } = packEdges(profile);
    const { 'row.function': _, 'edge.caller': __, 'edge.callee': ___, ...figures } = Object.fromEntries(columns);
    return { columns: Object.entries<ArrayLike<number>>({ ...of, ...figures }), large };
  };
}

/** The columns of a part, without its number. */
function columnsOfPart(columns: Columns, number: number): Columns {
  return {
    has: (name) => columns.has(`${number}/${name}`),
    get: (name, range) => columns.get(`${number}/${name}`, range),
    indexes: (name, range) => columns.indexes(`${number}/${name}`, range),
  };
}

/**
 * Returns one part of a file, or several merged in the order of their numbers, with the functions of the whole. Throws
 * BrokenColumnsError.
 */
export type PartsReader<Kind> = (numbers: readonly number[]) => Kind;

function partsReader<Kind>(read: (number: number) => Kind, merge: (parts: readonly Kind[]) => Kind): PartsReader<Kind> {
  return (numbers) => {
    const parts = numbers.map(read);
    return parts.length === 1 ? at(parts, 0) : merge(parts);
  };
}

export function stacksParts(
  columns: Columns,
  whole: PackedStacks,
  functions: FunctionTable,
): PartsReader<PackedStacks> {
  const read = (number: number) => unpackStacksPart(columnsOfPart(columns, number), whole, functions);
  return partsReader(read, (parts) => {
    const nodes = new MergedNodes();
    const same = Int32Array.from(functions.name.keys());
    for (const { callTree } of parts) nodes.add(callTree, same);
    return { callTree: nodes.finish().tree, timeline: null };
  });
}

function unpackStacksPart(columns: Columns, { callTree: whole }: PackedStacks, functions: FunctionTable): PackedStacks {
  const node = indexColumn(columns, 'tree.node', { min: 0, end: whole.length });
  // Of nodes that became one, the last is the one that the next nodes are below.
  const placeOf = new Map<number, number>();
  const parent = node.map((of, place) => {
    const above = at(whole.parent, of);
    const parentPlace = above === -1 ? -1 : placeOf.get(above);
    if (parentPlace === undefined) throw new BrokenColumnsError(`tree.node[${place}] has no parent`);
    placeOf.set(of, place);
    return parentPlace;
  });
  const nodes = { length: node.length, parent, function: node.map((of) => at(whole.function, of)) };
  return unpackFigures(columns, toDepthFirst(nodes).nodes, functions);
}

/** @param functions number of functions in the file */
export function edgesParts(
  columns: Columns,
  whole: PackedEdges,
  { functions, large }: { readonly functions: number; readonly large: unknown },
): PartsReader<PackedEdges> {
  const read = (number: number) => {
    const part = columnsOfPart(columns, number);
    const row = indexColumn(part, 'row.of', { min: 0, end: whole.rows.length });
    const edge = indexColumn(part, 'edge.of', { min: 0, end: whole.edges.length });
    const named = new Map([
      ['row.function', row.map((of) => at(whole.rows, of))],
      ['edge.caller', edge.map((of) => at(whole.edges.caller, of))],
      ['edge.callee', edge.map((of) => at(whole.edges.callee, of))],
    ]);
    const all: Columns = { ...part, indexes: (name, range) => named.get(name) ?? part.indexes(name, range) };
    return unpackEdges(all, functions, largeOfPart(large, number));
  };
  return partsReader(read, (parts) => {
    const same = Int32Array.from({ length: functions }, (_, fn) => fn);
    const [rows, edges] = [new MergedRows(), new MergedEdges()];
    for (const part of parts) {
      rows.add(part, same);
      edges.add(part.edges, same);
    }
    return { ...rows.finish(), edges: edges.finish() };
  });
}

function largeOfPart(large: unknown, number: number): unknown {
  if (!Array.isArray(large)) return large;
  return large.flatMap((entry: unknown) => {
    const [name, ...rest] = Array.isArray(entry) ? (entry as unknown[]) : [];
    const [, of, ofPart] = PREFIX.exec(String(name)) ?? [];
    return Number(of) === number ? [[ofPart, ...rest]] : [];
  });
}
