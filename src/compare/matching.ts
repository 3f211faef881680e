/**
 * Which function of one side is which of the other. Lines move with every edit, bundles get new hashes, versions new
 * folders; a function that moved is one function, not one that is gone and one that is new.
 */

import { groupBy } from '../base/maps.ts';
import { at } from '../model/columns.ts';
import { hasOwnName } from '../model/function-names.ts';
import { type FunctionIndex, type FunctionTable, functionAt } from '../model/function-table.ts';
import { displayFiles } from '../query/places.ts';
import { withoutVersions } from './file-versions.ts';
import { renamedFiles } from './renamed-files.ts';

/** A function on both sides, or on one; -1 where it is not. */
export interface Match {
  readonly before: FunctionIndex;
  readonly after: FunctionIndex;
  /** `moved`: the same function at another line or in a file of another name. */
  readonly status: 'matched' | 'moved' | 'new' | 'removed';
}

/** Steps from the strict to the lenient; each is tried on what the one before left. */
const STEPS: readonly ((functions: FunctionTable) => KeyOf)[] = [
  (functions) => (fn) => {
    const { kind, name, file, line, column } = functionAt(functions, fn);
    return JSON.stringify([kind, name, file, line, column]);
  },
  (functions) => namedKey(functions),
  (functions) => {
    // As shown, a path has lost the root of its own side: /srv/app-1/x.js and /home/ci/x.js are both app/x.js.
    const files = displayFiles(functions, 'short');
    return (fn) => {
      const { kind, name } = functionAt(functions, fn);
      return JSON.stringify([kind, name, withoutVersions(files[fn] ?? '')]);
    };
  },
];

/** Every function of either side, once. Namesakes of one file are paired in order of their lines. */
export function matchFunctions(before: FunctionTable, after: FunctionTable): Match[] {
  const left = new Set(before.name.keys());
  const right = new Set(after.name.keys());
  const matches: Match[] = [];
  const pairUp = (keyBefore: KeyOf, keyAfter: KeyOf, { ofEqualGroups = false } = {}) => {
    const others = groupInOrder(right, keyAfter, after);
    for (const [key, namesakes] of groupInOrder(left, keyBefore, before)) {
      const candidates = others.get(key) ?? [];
      if (ofEqualGroups && candidates.length !== namesakes.length) continue;
      for (let i = 0; i < Math.min(namesakes.length, candidates.length); i++) {
        const pair = { before: at(namesakes, i), after: at(candidates, i) };
        left.delete(pair.before);
        right.delete(pair.after);
        matches.push({
          ...pair,
          status: placeOf(before, pair.before) === placeOf(after, pair.after) ? 'matched' : 'moved',
        });
      }
    }
  };
  // As many namesakes as before: their order tells, and not a line on which another of them stood.
  pairUp(namedKey(before), namedKey(after), { ofEqualGroups: true });
  for (const step of STEPS) pairUp(step(before), step(after));
  const renamed = renamedFiles({ functions: before, left }, { functions: after, left: right });
  pairUp(
    namedKey(before, (file) => renamed.get(file) ?? `gone ${file}`),
    namedKey(after),
  );
  pairUp(uniqueNameKey(before), uniqueNameKey(after));
  const removed = [...left].map((fn) => ({ before: fn, after: -1, status: 'removed' as const }));
  const added = [...right].map((fn) => ({ before: -1, after: fn, status: 'new' as const }));
  return [...matches, ...removed, ...added];
}

type KeyOf = (fn: FunctionIndex) => string;

function placeOf({ file, line, column }: FunctionTable, fn: FunctionIndex): string {
  return `${at(line, fn)}:${at(column, fn)} ${at(file, fn)}`;
}

function namedKey(functions: FunctionTable, fileOf = (file: string) => file): KeyOf {
  return (fn) => {
    const { kind, name, file } = functionAt(functions, fn);
    return JSON.stringify([kind, name, fileOf(file)]);
  };
}

/** A unique name identifies a function; other keys match nothing. */
function uniqueNameKey(functions: FunctionTable): KeyOf {
  const uses = new Map<string, number>();
  for (const name of functions.name) uses.set(name, (uses.get(name) ?? 0) + 1);
  return (fn) => {
    const { kind, name, file, line, column } = functionAt(functions, fn);
    return JSON.stringify(hasOwnName(name) && uses.get(name) === 1 ? [kind, name] : [kind, name, file, line, column]);
  };
}

function groupInOrder(
  functions: ReadonlySet<FunctionIndex>,
  keyOf: KeyOf,
  table: FunctionTable,
): Map<string, FunctionIndex[]> {
  const groups = groupBy(functions, keyOf);
  const lineOf = (fn: FunctionIndex) => table.line[fn] ?? 0;
  const columnOf = (fn: FunctionIndex) => table.column[fn] ?? 0;
  for (const group of groups.values()) group.sort((a, b) => lineOf(a) - lineOf(b) || columnOf(a) - columnOf(b));
  return groups;
}
