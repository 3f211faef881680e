/** Checks call nodes in JSON and turns them into columns. */

import type { PositionTicks, RawStacksProfile } from '../../model/raw-profile.ts';
import { wrongType } from '../errors.ts';
import { integerAt, integerIn, type JsonObject, objectAt, optionalList, optionalNumber } from '../json.ts';
import { buildTree, type NodeColumns, type Places, type TreeParts } from './node-tree.ts';

/** The common content of all V8 formats, without their clocks and nesting. */
export interface NodeList extends Omit<TreeParts, 'nodes' | 'sampleIds' | 'sampleLines'> {
  readonly nodes: readonly JsonObject[];
  readonly samples: readonly unknown[] | null;
  /** @default null */
  readonly sampleLines?: TreeParts['sampleLines'];
}

/** Checks nodes and samples and makes a profile. Throws PstatError (`malformed`). */
export function readTree({ nodes, samples, sampleLines = null, ...rest }: NodeList): RawStacksProfile {
  const columns = columnsOf(nodes, rest.places);
  const sampleIds = samples && Float64Array.from(samples, (_, i) => integerIn(samples, i, 'samples'));
  return buildTree({ ...rest, nodes: columns, sampleIds, sampleLines });
}

function columnsOf(nodes: readonly JsonObject[], places: Places): NodeColumns {
  const childCount = new Int32Array(nodes.length);
  const children: number[] = [];
  nodes.forEach((node, row) => {
    const list = optionalList(node['children'], `${places.node(row)}.children`) ?? [];
    list.forEach((value, i) => {
      children.push(integerAt(value, `${places.node(row)}.children[${i}]`));
    });
    childCount[row] = list.length;
  });
  return {
    length: nodes.length,
    id: Float64Array.from(nodes, (node, row) => integerAt(node['id'], `${places.node(row)}.id`)),
    parentId: parentIds(nodes, places),
    childCount,
    children,
    frame: Int32Array.from(nodes, (_, row) => row),
    frames: nodes.map((node, row) => objectAt(node['callFrame'], places.frame(row))),
    hitCount: hitCounts(nodes, places),
    positionTicks: positionTicks(nodes, places),
  };
}

function parentIds(nodes: readonly JsonObject[], places: Places): Float64Array | null {
  const hasParent = ({ parent }: JsonObject) => parent !== undefined && parent !== null;
  if (!nodes.some(hasParent)) return null;
  return Float64Array.from(nodes, (node, row) =>
    hasParent(node) ? integerAt(node['parent'], `${places.node(row)}.parent`) : Number.NaN,
  );
}

function hitCounts(nodes: readonly JsonObject[], places: Places): Float64Array | null {
  if (!nodes.some((node) => typeof node['hitCount'] === 'number')) return null;
  return Float64Array.from(nodes, (node, row) => {
    const place = `${places.node(row)}.hitCount`;
    const hits = optionalNumber(node['hitCount'], place) ?? 0;
    if (hits < 0 || !Number.isInteger(hits)) throw wrongType(place, 'a count', hits);
    return hits;
  });
}

/** No file has so many lines; columns of lines hold no larger number. */
export const MAX_LINE = 2 ** 31 - 1;

/** Skips entries without a line that a file could have, and without ticks. */
function positionTicks(nodes: readonly JsonObject[], places: Places): PositionTicks | null {
  const columns = { node: [] as number[], line: [] as number[], ticks: [] as number[] };
  let hasTicks = false;
  nodes.forEach((node, row) => {
    const place = `${places.node(row)}.positionTicks`;
    const list = optionalList(node['positionTicks'], place);
    if (list !== null) hasTicks = true;
    list?.forEach((value, i) => {
      const entry = objectAt(value, `${place}[${i}]`);
      const line = integerAt(entry['line'], `${place}[${i}].line`);
      const ticks = integerAt(entry['ticks'], `${place}[${i}].ticks`);
      if (ticks < 0) throw wrongType(`${place}[${i}].ticks`, 'a count', ticks);
      if (line < 1 || line > MAX_LINE || ticks === 0) return;
      columns.node.push(row);
      columns.line.push(line);
      columns.ticks.push(ticks);
    });
  });
  if (!hasTicks) return null;
  return {
    length: columns.node.length,
    node: Int32Array.from(columns.node),
    line: Int32Array.from(columns.line),
    ticks: Float64Array.from(columns.ticks),
  };
}
