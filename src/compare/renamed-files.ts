/** Which file of one side is which of the other under a new name, by the names of the functions in them. */

import { getOrInsert } from '../base/maps.ts';
import type { FunctionIndex, FunctionTable } from '../model/function-table.ts';
import { withoutVersions } from './file-versions.ts';

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
export function renamedFiles(before: Unmatched, after: Unmatched): ReadonlyMap<string, string> {
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
