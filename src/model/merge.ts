/**
 * Several profiles as one: functions that are equal become one, call nodes of the same path become one, figures and
 * durations add up. What belongs to one recording alone (its order of samples, its interval) is dropped or, where
 * all agree, kept.
 */

import { cannotMerge } from '../errors.ts';
import { plural } from '../text.ts';
import { CallTreeBuilder } from './call-tree.ts';
import { at } from './columns.ts';
import { addCounts, type Count } from './count.ts';
import { type FunctionIndex, type FunctionTable, FunctionTableBuilder, functionAt } from './function-table.ts';
import type { EdgeTable, PairsProfile, PathsProfile, Profile } from './profile.ts';
import type { PairFigures, Seconds } from './raw-profile.ts';
import { maybeRecursive } from './recursion.ts';

/**
 * One profile out of several, in the order given; a single one is returned as it is.
 * Throws PstatError (`missing-data`) for samples with calls.
 */
export function merge(profiles: readonly [Profile, ...Profile[]]): Profile {
  const [first, ...others] = profiles;
  if (others.length === 0) return first;
  if ('paths' in first) return mergePaths(profiles.map((profile) => sameKind(first, profile)));
  return mergePairs(
    first.counts,
    profiles.map((profile) => sameKind(first, profile)),
  );
}

/** The profiles, if they can be one. Throws PstatError (`missing-data`) for samples with calls, and stacks with pairs. */
export function ofOneKind(profiles: readonly [Profile, ...Profile[]]): readonly [Profile, ...Profile[]] {
  for (const profile of profiles) sameKind(profiles[0], profile);
  return profiles;
}

function sameKind<Kind extends Profile>(first: Kind, other: Profile): Kind {
  if (isLike(first, other)) return other;
  const why = `it holds ${contents(other)}, the other ${contents(first)}`;
  throw cannotMerge(first.sources[0] ?? '', other.sources[0] ?? '', why);
}

function isLike<Kind extends Profile>(first: Kind, other: Profile): other is Kind {
  return contents(first) === contents(other);
}

function contents(profile: Profile): string {
  return 'paths' in profile
    ? 'samples of stacks'
    : { samples: 'sampled pairs', calls: 'counted calls' }[profile.counts];
}

/** How a name is written where functions are compared. */
type NameRule = (name: string) => string;

function mergePaths(profiles: readonly PathsProfile[], rule: NameRule = withoutAddresses): PathsProfile {
  const functions = new FunctionTableBuilder();
  const translations = profiles.map((profile) => translate(profile.functions, functions, rule));
  const nodes = new MergedNodes(functions.length);
  profiles.forEach((profile, i) => {
    nodes.absorb(profile.paths, translations[i] ?? new Int32Array());
  });
  return {
    counts: 'samples',
    format: common(profiles.map((profile) => profile.format)),
    executingLines: profiles.some((profile) => profile.executingLines),
    sources: profiles.flatMap((profile) => profile.sources),
    functions: functions.finish(),
    paths: nodes.finish(),
    duration: sum(profiles.map((profile) => profile.duration)),
    head: sum(profiles.map((profile) => profile.head)),
    tail: sum(profiles.map((profile) => profile.tail)),
    outside: sum(profiles.map((profile) => profile.outside)),
    interval: agreed(profiles.map((profile) => profile.interval)),
    timeline: null,
    notes: mergedNotes(profiles),
  };
}

/** A trie over call paths: a node is one step from its parent's merged node. */
class MergedNodes {
  readonly #tree = new CallTreeBuilder();
  readonly #functions: number;
  readonly #nodeOf = new Map<number, number>();

  constructor(functions: number) {
    this.#functions = functions;
  }

  absorb(tree: PathsProfile['paths'], translation: Int32Array): void {
    const mergedRow = new Int32Array(tree.length);
    for (let node = 0; node < tree.length; node++) {
      const parent = at(tree.parent, node);
      const above = parent === -1 ? -1 : at(mergedRow, parent);
      const row = this.#step(above, at(translation, at(tree.function, node)));
      this.#tree.add(row, at(tree.self, node), at(tree.samples, node));
      mergedRow[node] = row;
    }
  }

  finish(): PathsProfile['paths'] {
    return this.#tree.finish().tree;
  }

  #step(parent: number, fn: FunctionIndex): number {
    const key = (parent + 1) * this.#functions + fn;
    const known = this.#nodeOf.get(key);
    if (known !== undefined) return known;
    const row = this.#tree.push(parent, fn);
    this.#nodeOf.set(key, row);
    return row;
  }
}

function mergePairs(
  counts: PairsProfile['counts'],
  profiles: readonly PairsProfile[],
  rule: NameRule = withoutAddresses,
): PairsProfile {
  const functions = new FunctionTableBuilder();
  const rows = new MergedFigures<FunctionIndex>();
  const edges = new MergedFigures<string>();
  const pairs: [FunctionIndex, FunctionIndex][] = [];
  for (const profile of profiles) {
    const translation = translate(profile.functions, functions, rule);
    const to = (fn: FunctionIndex) => at(translation, fn);
    profile.rows.forEach((fn, row) => {
      rows.add(to(fn), profile.figures, row);
    });
    const { caller, callee, figures } = profile.pairs;
    for (let edge = 0; edge < profile.pairs.length; edge++) {
      const pair: [number, number] = [to(at(caller, edge)), to(at(callee, edge))];
      if (edges.add(pair.join(), figures, edge)) pairs.push(pair);
    }
  }
  return {
    counts,
    format: common(profiles.map((profile) => profile.format)),
    executingLines: profiles.some((profile) => profile.executingLines),
    sources: profiles.flatMap((profile) => profile.sources),
    functions: functions.finish(),
    rows: Int32Array.from(rows.keys()),
    figures: rows.figures,
    pairs: mergedPairs(pairs, edges.figures),
    notes: mergedNotes(profiles),
  };
}

function mergedPairs(pairs: readonly [FunctionIndex, FunctionIndex][], figures: PairFigures): EdgeTable {
  return {
    length: pairs.length,
    caller: Int32Array.from(pairs, ([caller]) => caller),
    callee: Int32Array.from(pairs, ([, callee]) => callee),
    figures,
  };
}

/** Figures added up by key, in order of first appearance. */
class MergedFigures<Key> {
  readonly #rowOf = new Map<Key, number>();
  readonly figures = {
    count: [] as Count[],
    subcount: [] as Count[],
    self: [] as Seconds[],
    total: [] as Seconds[],
  };

  /** Adds a row of figures; true if the key is new. */
  add(key: Key, from: PairFigures, row: number): boolean {
    const { count, subcount, self, total } = this.figures;
    const known = this.#rowOf.get(key);
    const into = known ?? this.#rowOf.size;
    this.#rowOf.set(key, into);
    count[into] = addCounts(count[into] ?? 0, at(from.count, row));
    subcount[into] = addCounts(subcount[into] ?? 0, at(from.subcount, row));
    self[into] = (self[into] ?? 0) + at(from.self, row);
    total[into] = (total[into] ?? 0) + at(from.total, row);
    return known === undefined;
  }

  keys(): Iterable<Key> {
    return this.#rowOf.keys();
  }
}

/**
 * FunctionIndex of one table -> FunctionIndex of the merged one. Python writes memory addresses into names
 * (`<function f at 0x7f13…>`), which differ from run to run: they are cut before names are compared.
 */
function translate(from: FunctionTable, into: FunctionTableBuilder, rule: NameRule): Int32Array {
  return Int32Array.from({ length: from.length }, (_, fn) => {
    const info = functionAt(from, fn);
    return into.intern({ ...info, name: rule(info.name) });
  });
}

/**
 * The profile with one row for each name and file, whatever the line: Bun and Python's sampler write the line that was
 * executing, so that a function stands on many. Functions without a name of their own are left alone.
 */
export function withLinesMerged(profile: Profile): Profile {
  const { functions } = profile;
  const key = (fn: FunctionIndex) => JSON.stringify([at(functions.file, fn), at(functions.name, fn)]);
  const isNamed = (fn: FunctionIndex) => hasOwnName(at(functions.name, fn));
  const asWritten = (name: string) => name;
  const first = new Map<string, number>();
  functions.line.forEach((line, fn) => {
    first.set(key(fn), Math.min(line, first.get(key(fn)) ?? line));
  });
  const line = functions.line.map((own, fn) => (isNamed(fn) ? (first.get(key(fn)) ?? own) : own));
  const column = functions.column.map((own, fn) => (isNamed(fn) ? 0 : own));
  const moved = { ...functions, line, column };
  if ('paths' in profile) {
    const merged = mergePaths([{ ...profile, functions: moved }], asWritten);
    return { ...merged, notes: profile.notes, executingLines: false };
  }
  const lines = { ...profile, functions: moved };
  const merged = mergePairs(profile.counts, [lines], asWritten);
  return { ...merged, notes: [...profile.notes, ...addedUpNote(lines, merged)], executingLines: false };
}

/**
 * Of pairs, cumtimes can only be added up. Where two rows of a function stood on one stack, time counts for each;
 * that can be where the function, now one, may call itself.
 */
function addedUpNote(lines: PairsProfile, merged: PairsProfile): string[] {
  if (merged.rows.length === lines.rows.length) return [];
  const key = ({ functions }: PairsProfile, fn: FunctionIndex) => JSON.stringify(functionAt(functions, fn));
  const rowsOf = new Map<string, number>();
  for (const fn of lines.rows) rowsOf.set(key(lines, fn), (rowsOf.get(key(lines, fn)) ?? 0) + 1);
  const recursive = maybeRecursive(merged.pairs);
  const several = merged.rows.filter((fn) => recursive.has(fn) && (rowsOf.get(key(merged, fn)) ?? 0) > 1).length;
  if (several === 0) return [];
  return [
    several === 1
      ? '1 function may be recursive: its cumtime is the sum over its lines, and may count time more than once'
      : `${several} functions may be recursive: their cumtimes are sums over their lines, and may count time more than once`,
  ];
}

/** Whether the name tells a function from others of its file: `<lambda>` and nothing at all do not. */
export function hasOwnName(name: string): boolean {
  return !/^(?:$|<(?!module>))/.test(name);
}

/** The name without ` at 0x7f13…`. */
export function withoutAddresses(name: string): string {
  return name.includes(' at 0x') ? name.replace(/ at 0x[0-9a-fA-F]+/g, '') : name;
}

function common(formats: readonly string[]): string {
  return [...new Set(formats)].join(', ');
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** The value that all have, or null. */
function agreed<T>(values: readonly (T | null)[]): T | null {
  const [first = null] = values;
  return values.every((value) => value === first) ? first : null;
}

/** Above this many, the notes of many files would bury the answer. */
const MOST_NOTES = 6;

/** The notes of all, each with its file; of a crowd of them the first. */
export function mergedNotes(profiles: readonly Profile[]): string[] {
  const notes = profiles.flatMap((profile) => profile.notes.map((note) => `${profile.sources[0] ?? ''}: ${note}`));
  if (notes.length <= MOST_NOTES) return notes;
  const noted = profiles.filter((profile) => profile.notes.length > 0).length;
  const more = `${noted} of ${plural(profiles.length, 'file')} have notes, shown when one is asked alone; among them`;
  return notes.slice(0, 1).map((note) => `${more} ${note}`);
}
