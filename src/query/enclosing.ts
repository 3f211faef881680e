/** Where anonymous functions stand: the named function around them, as far as stacks tell. */

import { getOrInsert } from '../base/maps.ts';
import type { CallTree } from '../model/call-tree.ts';
import { at, byteAt, intAt } from '../model/columns.ts';
import type { FunctionIndex, FunctionTable } from '../model/function-table.ts';
import type { Profile, StacksProfile } from '../model/profile.ts';

/** The function that a callback stands in is rarely farther up the stack: between them are `map` or a wrapper. */
const MAX_FRAMES = 12;

/** Kept, because filters leave the names of functions as they are. */
const knownNames = new WeakMap<CallTree, ReadonlyMap<FunctionIndex, string>>();

/**
 * FunctionIndex -> name of the enclosing function, for anonymous functions only. A profile has no ends of functions. Of the
 * callers in the same file, the one that begins last before the function is taken: a callback is called, through `map`
 * and the like, from the function that it stands in.
 */
export function enclosingNames(profile: Profile): ReadonlyMap<FunctionIndex, string> {
  if (!('callTree' in profile)) return new Map();
  return getOrInsert(knownNames, profile.callTree, () => findNames(profile));
}

function findNames({ callTree, functions }: StacksProfile): ReadonlyMap<FunctionIndex, string> {
  const { length, parent: parents, function: fns } = callTree;
  const { file, before, isNamed } = placesOf(functions);
  const enclosing = new Int32Array(functions.length).fill(-1);
  for (let node = 0; node < length; node++) {
    const fn = intAt(fns, node);
    const fileOfFn = intAt(file, fn);
    if (fileOfFn === -1 || byteAt(isNamed, fn) === 1) continue;
    let above = intAt(parents, node);
    for (let frames = 0; above !== -1 && frames < MAX_FRAMES; frames++) {
      const caller = intAt(fns, above);
      const couldEnclose = byteAt(isNamed, caller) === 1 && intAt(file, caller) === fileOfFn;
      if (couldEnclose && intAt(before, caller) < intAt(before, fn)) {
        const found = intAt(enclosing, fn);
        if (found === -1 || intAt(before, found) < intAt(before, caller)) enclosing[fn] = caller;
      }
      above = intAt(parents, above);
    }
  }
  const anonymous = [...enclosing.keys()].filter((fn) => intAt(enclosing, fn) !== -1);
  return new Map(anonymous.map((fn) => [fn, at(functions.name, intAt(enclosing, fn))]));
}

/** Places as numbers, because most of the time goes into comparing them. */
interface Places {
  /** FunctionIndex -> file, -1 for what is no JavaScript or in no file */
  readonly file: Int32Array;
  /** FunctionIndex -> number of places before its own in all files; equal for one place */
  readonly before: Int32Array;
  /** FunctionIndex -> 1 for a function with a name */
  readonly isNamed: Uint8Array;
}

function placesOf(functions: FunctionTable): Places {
  const files = new Map<string, number>();
  const file = Int32Array.from(functions.kind, (kind, fn) => {
    const path = at(functions.file, fn);
    if (kind !== 'js' || path === '') return -1;
    return getOrInsert(files, path, () => files.size);
  });
  const compare = (a: FunctionIndex, b: FunctionIndex) =>
    at(functions.line, a) - at(functions.line, b) || at(functions.column, a) - at(functions.column, b);
  const inOrder = [...file.keys()].sort(compare);
  const before = new Int32Array(functions.length);
  for (let i = 1; i < inOrder.length; i++) {
    const [last, fn] = [at(inOrder, i - 1), at(inOrder, i)];
    before[fn] = compare(last, fn) === 0 ? intAt(before, last) : i;
  }
  return { file, before, isNamed: Uint8Array.from(functions.name, (name) => Number(name !== '')) };
}
