/** A profile whose functions are files, packages or categories. */

import { withLines } from '../model/call-tree.ts';
import { at } from '../model/columns.ts';
import { FunctionTableBuilder, functionAt, metaFunction } from '../model/function-table.ts';
import { replaceFunctions } from '../model/merge.ts';
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
  const translation = groupOf.map((group) => (group === -1 ? root : at(rowOf, group)));
  const withoutLines = {
    ...profile,
    callTree: withLines(callTree, () => null),
    timeline: timeline && { ...timeline, line: null },
  };
  return replaceFunctions(withoutLines, table.finish(), { translation, joinsRecursion: true });
}
