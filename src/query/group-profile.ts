/** A profile whose functions are files, packages or categories. */

import { CallTreeBuilder } from '../model/call-tree.ts';
import { at } from '../model/columns.ts';
import { FunctionTableBuilder, functionAt, metaFunction } from '../model/function-table.ts';
import { PairIndex } from '../model/pair-index.ts';
import type { StacksProfile } from '../model/profile.ts';
import { type FunctionGrouping, groupTable } from './grouping.ts';
import { originsOf } from './origins.ts';

/** Replaces functions by their groups. Calls inside a group are part of the call into it. Lines are dropped. */
export function groupProfile(profile: StacksProfile, by: FunctionGrouping): StacksProfile {
  const { callTree, functions, timeline } = profile;
  const { names, groupOf } = groupTable(functions, originsOf(functions), by);
  const table = new FunctionTableBuilder();
  const rowOf = Array.from({ length: names.length }, (_, group) => table.intern(functionAt(names, group)));
  const root = table.intern(metaFunction('root'));
  const builder = new CallTreeBuilder();
  const children = new PairIndex();
  const moved = new Int32Array(callTree.length);
  const keys: number[] = [];
  for (let node = 0; node < callTree.length; node++) {
    const group = at(groupOf, at(callTree.function, node));
    const key = group === -1 ? root : at(rowOf, group);
    const parent = at(callTree.parent, node);
    const above = parent === -1 ? -1 : at(moved, parent);
    const row = above !== -1 && keys[above] === key ? above : children.indexOf(above, key);
    if (row === keys.length) {
      builder.push(above, key);
      keys.push(key);
    }
    moved[node] = row;
    builder.add(row, {
      self: at(callTree.self, node),
      samples: at(callTree.samples, node),
      selfSquares: callTree.selfSquares === null ? Number.NaN : at(callTree.selfSquares, node),
      queued: callTree.queued === null ? 0 : at(callTree.queued, node),
    });
  }
  const { tree, movedTo } = builder.finish();
  const nodeOf = (node: number) => {
    const row = at(moved, node);
    return movedTo === null ? row : at(movedTo, row);
  };
  return {
    ...profile,
    functions: table.finish(),
    callTree: { ...tree, lines: null, queued: callTree.queued === null ? null : tree.queued },
    timeline: timeline && {
      ...timeline,
      node: timeline.node.map((node) => (node === -1 ? -1 : nodeOf(node))),
      line: null,
    },
  };
}
