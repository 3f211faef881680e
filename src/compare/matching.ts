/**
 * Which function of one side is which of the other. Lines move with every edit, bundles get new hashes, versions new
 * folders; a function that moved is one function, not one that is gone and one that is new.
 */

import { getOrInsert, groupBy } from '../base/maps.ts';
import { at } from '../model/columns.ts';
import { hasOwnName } from '../model/function-names.ts';
import { type FunctionIndex, type FunctionTable, functionAt } from '../model/function-table.ts';
import { displayFiles } from '../query/places.ts';

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

interface Unmatched {
  readonly functions: FunctionTable;
  readonly left: ReadonlySet<FunctionIndex>;
}

/** Fewer names than this in common are chance. */
const MIN_COMMON = 2;

/**
 * file before -> file after, of files without a matched function: a file is another one under a new name if that one has at
 * least half of its names, or the same name in another folder and any function's name in common.
 */
function renamedFiles(before: Unmatched, after: Unmatched): ReadonlyMap<string, string> {
  const candidatesOf = candidateFinder(namesByFile(after));
  const renamed = new Map<string, string>();
  const taken = new Set<string>();
  for (const [file, names] of namesByFile(before)) {
    let best = { file: '', common: 0, isNamesake: false };
    for (const { file: other, common, isNamesake } of candidatesOf(file, names)) {
      const isBetter = isNamesake === best.isNamesake ? common > best.common : isNamesake;
      if (!taken.has(other) && isBetter) best = { file: other, common, isNamesake };
    }
    const isSame = best.isNamesake || (best.common >= MIN_COMMON && 2 * best.common >= names.size);
    if (best.common === 0 || !isSame) continue;
    renamed.set(file, best.file);
    taken.add(best.file);
  }
  return renamed;
}

/** Files that a name leads to. A name in more files than this says little about each, and all pairs would take too long. */
const MAX_FILES_OF_NAME = 64;

interface Candidate {
  readonly file: string;
  /** Names in common. */
  common: number;
  readonly isNamesake: boolean;
}

/** Returns the files that have names in common with a file, in their order. */
function candidateFinder(namesOf: ReadonlyMap<string, ReadonlySet<string>>) {
  const filesOf = new Map<string, string[]>();
  const order = new Map([...namesOf.keys()].map((file, i) => [file, i]));
  const baseNames = new Map([...namesOf.keys()].map((file) => [file, baseName(file)]));
  const keysOf = (name: string, base: string) => [JSON.stringify([name]), JSON.stringify([name, base])];
  for (const [file, names] of namesOf)
    for (const name of names)
      for (const key of keysOf(name, baseNames.get(file) ?? '')) {
        const files = getOrInsert(filesOf, key, () => []);
        if (files.length < MAX_FILES_OF_NAME) files.push(file);
      }
  return (file: string, names: ReadonlySet<string>): Candidate[] => {
    const base = baseName(file);
    const candidates = new Map<string, Candidate>();
    for (const name of names)
      for (const other of new Set(keysOf(name, base).flatMap((key) => filesOf.get(key) ?? []))) {
        const isNamesake = baseNames.get(other) === base;
        getOrInsert(candidates, other, () => ({ file: other, common: 0, isNamesake })).common++;
      }
    return [...candidates.values()].sort((a, b) => (order.get(a.file) ?? 0) - (order.get(b.file) ?? 0));
  };
}

function baseName(file: string): string {
  return withoutVersions(file).replace(/^.*[\\/]/s, '');
}

/** Files of which no function was matched, with the names in them. */
function namesByFile({ functions, left }: Unmatched): ReadonlyMap<string, ReadonlySet<string>> {
  const names = new Map<string, Set<string>>();
  const known = new Set<string>();
  functions.file.forEach((file, fn) => {
    if (!left.has(fn)) known.add(file);
    else if (file !== '' && functions.name[fn] !== '')
      getOrInsert(names, file, () => new Set()).add(functions.name[fn] ?? '');
  });
  for (const file of known) names.delete(file);
  return names;
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

/**
 * Six to 64 characters with a digit among them, or eight in both cases or of esbuild's base 32, as bundlers put before the
 * endings: `.js`, `.chunk.js`, `.bundle.min.js`, Turbopack's `._.js`.
 */
const CONTENT_HASH =
  /(?:[.-]|__)(?:(?=[\w-]{0,63}\d)[\w-]{6,64}|(?=[\w-]{0,7}[a-z])(?=[\w-]{0,7}[A-Z])[\w-]{8}|[A-Z2-7]{8})(?=(?:\.[a-z_][a-z-]*){1,3}$)/;

/** No system has longer file names. */
const MAX_NAME_LENGTH = 255;

/** The path without query, without the hash in `main.3f2a9c1b.js`, without versions as folders or behind an `@`. */
function withoutVersions(file: string): string {
  const parts = file.replace(/[?#].*$/s, '').split(/[\\/]/);
  const name = parts.pop() ?? '';
  const folders = parts.map((folder) => (/^v?\d+\.\d/.test(folder) ? '' : withoutVersion(folder)));
  const hashless = name.length > MAX_NAME_LENGTH ? name : name.replace(CONTENT_HASH, '');
  return [...folders, withoutVersion(hashless)].join('/');
}

function withoutVersion(part: string): string {
  return part.replace(/@v?\d.*$/s, '');
}
