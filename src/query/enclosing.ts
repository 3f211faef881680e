/** Where anonymous functions stand: the named function around them, as far as stacks tell. */

import { at, byteAt, intAt } from '../model/columns.ts';
import type { FunctionIndex } from '../model/function-table.ts';
import type { Profile } from '../model/profile.ts';

/** A callback's own function is rarely farther up than this: `map`, a helper, a wrapper lie between. */
const MAX_FRAMES = 12;

/**
 * FunctionIndex -> name of the enclosing function, for anonymous functions only. A profile has no ends of functions. Of the
 * callers in the same file, the one that begins last before the function is taken: a callback is called, through `map`
 * and the like, from the function that it stands in.
 */
export function enclosingNames(profile: Profile): ReadonlyMap<FunctionIndex, string> {
  if (!('callTree' in profile)) return new Map();
  const { callTree, functions } = profile;
  const flags = (test: (fn: FunctionIndex) => boolean) => Uint8Array.from(functions.kind, (_, fn) => Number(test(fn)));
  const isJs = (fn: FunctionIndex) => at(functions.kind, fn) === 'js' && at(functions.file, fn) !== '';
  const isAnonymous = flags((fn) => isJs(fn) && at(functions.name, fn) === '');
  const isNamed = flags((fn) => isJs(fn) && at(functions.name, fn) !== '');
  const enclosing = new Map<FunctionIndex, FunctionIndex>();
  for (let node = 0; node < callTree.length; node++) {
    const fn = intAt(callTree.function, node);
    if (byteAt(isAnonymous, fn) === 0) continue;
    let above = intAt(callTree.parent, node);
    for (let frames = 0; above !== -1 && frames < MAX_FRAMES; frames++) {
      const caller = intAt(callTree.function, above);
      if (couldEnclose(caller, fn)) {
        const known = enclosing.get(fn);
        if (known === undefined || beginsBefore(known, caller)) enclosing.set(fn, caller);
      }
      above = intAt(callTree.parent, above);
    }
  }
  return new Map([...enclosing].map(([fn, caller]) => [fn, at(functions.name, caller)]));

  function couldEnclose(caller: FunctionIndex, fn: FunctionIndex): boolean {
    if (byteAt(isNamed, caller) === 0) return false;
    return at(functions.file, caller) === at(functions.file, fn) && beginsBefore(caller, fn);
  }

  function beginsBefore(a: FunctionIndex, b: FunctionIndex): boolean {
    const lines = at(functions.line, a) - at(functions.line, b);
    return lines < 0 || (lines === 0 && at(functions.column, a) < at(functions.column, b));
  }
}
