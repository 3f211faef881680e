/** A picture of the side AFTER of a comparison: boxes have the colors of their functions' verdicts. */

import type { ComparedFunction } from '../compare/comparison.ts';
import type { FunctionIndex } from '../model/function-table.ts';
import { type LayoutNode, ROOT } from '../model/layout/layout-tree.ts';
import type { Picture } from './flame-view.ts';

/** What a verdict says of a box. */
export type BoxChange = 'slower' | 'faster' | 'unchanged';

/** Color groups are changes. A box of several functions that changed both ways is unchanged: none of its parts is seen. */
export function comparedPicture(picture: Picture, rowOf: (fn: FunctionIndex) => ComparedFunction | null): Picture {
  const changeOf = (node: LayoutNode): BoxChange => {
    if (node === ROOT) return 'unchanged';
    const changes = new Set(picture.tree.functions(node).map((fn) => changeOfRow(rowOf(fn))));
    if (changes.has('slower') === changes.has('faster')) return 'unchanged';
    return changes.has('slower') ? 'slower' : 'faster';
  };
  return { ...picture, colorGroup: changeOf, changeOf };
}

function changeOfRow(row: ComparedFunction | null): BoxChange {
  if (row?.verdict === 'slower' || row?.verdict === 'new') return 'slower';
  return row?.verdict === 'faster' ? 'faster' : 'unchanged';
}
