/**
 * Merges profiles: equal functions become one, call nodes with the same path become one, times and counts add up.
 * What belongs to one recording is dropped (timeline) or kept if all profiles agree (interval).
 */

import { getOrInsert } from '../base/maps.ts';
import { at } from './columns.ts';
import { cannotMerge } from './errors.ts';
import { withoutAddresses } from './function-names.ts';
import { type FunctionTable, FunctionTableBuilder, functionAt } from './function-table.ts';
import { MergedEdges, MergedRows } from './merge-edges.ts';
import { MergedNodes } from './merge-nodes.ts';
import { MergedNotes } from './merge-notes.ts';
import type { EdgesProfile, Profile, StacksProfile } from './profile.ts';
import type { Unit } from './raw-profile.ts';
import { SumOfFilesFinder } from './sum-of-files.ts';

/**
 * Merges profiles, at least one, in the given order. Returns a single profile as it is.
 * Throws PstatError (`missing-data`) for profiles of different kinds.
 */
export function merge(profiles: readonly Profile[]): Profile {
  const merging = new ProfileMerger();
  for (const profile of profiles) merging.add(profile);
  const merged = merging.finish();
  if (merged === null) throw new RangeError('no profiles to merge');
  return merged;
}

/** Merges profiles one after the other and keeps only the first of them. */
export class ProfileMerger {
  #first: Profile | null = null;
  /** Null for fewer than two profiles. */
  #merged: Merger<Profile> | null = null;
  readonly #sumOfFiles = new SumOfFilesFinder();

  /** Throws PstatError (`missing-data`) for a profile of another kind than the first. */
  add(profile: Profile): void {
    this.#sumOfFiles.add(profile);
    if (this.#first === null) {
      this.#first = profile;
    } else {
      this.#merged ??= mergerFor(this.#first);
      this.#merged.add(profile);
    }
  }

  /** Returns the merged profile, a single one as it is, or null for none. Add nothing afterwards. */
  finish(): Profile | null {
    if (this.#merged === null) return this.#first;
    const merged = this.#merged.finish();
    return { ...merged, notes: [...merged.notes, ...this.#sumOfFiles.notes()] };
  }
}

/** Merges profiles of one kind. */
interface Merger<Kind extends Profile> {
  add(profile: Kind): void;
  finish(): Kind;
}

/** Returns a merger that rejects profiles of another kind than the first. */
function mergerFor(first: Profile): Merger<Profile> {
  return 'callTree' in first
    ? checkingKind(first, new StacksMerger())
    : checkingKind(first, new EdgesMerger(first.counts));
}

function checkingKind<Kind extends Profile>(first: Kind, merged: Merger<Kind>): Merger<Profile> {
  merged.add(first);
  return { add: (profile) => merged.add(requireSameKind(first, profile)), finish: () => merged.finish() };
}

/** Throws PstatError (`missing-data`) for profiles that are not of one kind. */
export function checkMergeable(profiles: readonly Profile[]): void {
  for (const profile of profiles) requireSameKind(at(profiles, 0), profile);
}

function requireSameKind<Kind extends Profile>(first: Kind, other: Profile): Kind {
  if (isSameKind(first, other)) return other;
  const why = `it holds ${describeContents(other)}, the other ${describeContents(first)}`;
  throw cannotMerge(first.sources[0] ?? '', other.sources[0] ?? '', why);
}

function isSameKind<Kind extends Profile>(first: Kind, other: Profile): other is Kind {
  return describeContents(first) === describeContents(other);
}

function describeContents(profile: Profile): string {
  if ('callTree' in profile) return `${AMOUNTS[profile.unit]}${profile.isUndisturbed ? ' with undisturbed time' : ''}`;
  return { samples: 'sampled edges', calls: 'counted calls' }[profile.counts];
}

const AMOUNTS: Readonly<Record<Unit, string>> = {
  us: 'samples of stacks',
  bytes: 'bytes of stacks',
  count: 'stacks without times',
};

/**
 * Merges functions of one profile that have become equal, and their call nodes where these have one path. Keeps what
 * belongs to the recording.
 */
export function mergeEqualFunctions(profile: StacksProfile): StacksProfile {
  if (!hasEqualPlaces(profile.functions)) return profile;
  const merged = new MergedFunctions((name) => name);
  const translation = merged.add(profile.functions);
  const functions = merged.finish();
  return functions.length === profile.functions.length
    ? profile
    : replaceFunctions(profile, functions, { translation });
}

/**
 * Returns the profile with other functions. Call nodes that then have one path become one.
 *
 * @param translation FunctionIndex before -> FunctionIndex
 * @param joinsRecursion as for MergedNodes
 */
export function replaceFunctions(
  profile: StacksProfile,
  functions: FunctionTable,
  { translation, joinsRecursion = false }: { readonly translation: Int32Array; readonly joinsRecursion?: boolean },
): StacksProfile {
  const nodes = new MergedNodes({ joinsRecursion });
  const mergedNode = nodes.add(profile.callTree, translation);
  const { tree, movedTo } = nodes.finish();
  const nodeOf = movedTo === null ? mergedNode : mergedNode.map((row) => at(movedTo, row));
  const queued = profile.callTree.queued && tree.queued;
  const timeline = profile.timeline && {
    ...profile.timeline,
    node: profile.timeline.node.map((node) => (node === -1 ? -1 : at(nodeOf, node))),
  };
  return { ...profile, functions, callTree: { ...tree, queued }, timeline };
}

/** Whether several functions are at one place. This takes less time than comparing all of them. */
function hasEqualPlaces({ length, file, line, column }: FunctionTable): boolean {
  const placesOf = new Map<string, Set<number>>();
  for (let fn = 0; fn < length; fn++) {
    if (at(line, fn) === 0) continue;
    const places = getOrInsert(placesOf, at(file, fn), () => new Set());
    // A number of its own for every place in lines of up to a million columns.
    const place = at(line, fn) * 1e6 + at(column, fn);
    if (places.has(place)) return true;
    places.add(place);
  }
  return false;
}

/** Maps a function's name to the name by which it is compared. */
type NameRule = (name: string) => string;

class StacksMerger implements Merger<StacksProfile> {
  readonly #metadata = new MergedMetadata();
  readonly #functions = new MergedFunctions(withoutAddresses);
  readonly #nodes = new MergedNodes();
  readonly #times = { duration: 0, beforeFirstSample: 0, afterLastSample: 0, excluded: 0 };
  /** Null as soon as a profile does not know it. */
  #queued: number | null = 0;
  #isUndisturbed = true;
  #unit: Unit = 'us';
  /** The interval of all profiles, or null if they differ; undefined before the first one. */
  #interval: number | null | undefined;

  add(profile: StacksProfile): void {
    this.#metadata.add(profile);
    this.#nodes.add(profile.callTree, this.#functions.add(profile.functions));
    for (const time of TIMES) this.#times[time] += profile[time];
    this.#queued = this.#queued === null || profile.queued === null ? null : this.#queued + profile.queued;
    this.#isUndisturbed &&= profile.isUndisturbed;
    this.#unit = profile.unit;
    this.#interval = this.#interval === undefined || this.#interval === profile.interval ? profile.interval : null;
  }

  finish(): StacksProfile {
    return {
      counts: 'samples',
      unit: this.#unit,
      ...this.#metadata.finish(),
      functions: this.#functions.finish(),
      callTree: this.#nodes.finish().tree,
      ...this.#times,
      interval: this.#interval ?? null,
      timeline: null,
      queued: this.#queued,
      isUndisturbed: this.#isUndisturbed,
    };
  }
}

const TIMES = ['duration', 'beforeFirstSample', 'afterLastSample', 'excluded'] as const;

export class EdgesMerger implements Merger<EdgesProfile> {
  readonly #counts: EdgesProfile['counts'];
  readonly #metadata = new MergedMetadata();
  readonly #functions: MergedFunctions;
  readonly #rows = new MergedRows();
  readonly #edges = new MergedEdges();

  constructor(counts: EdgesProfile['counts'], rule: NameRule = withoutAddresses) {
    this.#counts = counts;
    this.#functions = new MergedFunctions(rule);
  }

  add(profile: EdgesProfile): void {
    this.#metadata.add(profile);
    const translation = this.#functions.add(profile.functions);
    this.#rows.add(profile, translation);
    this.#edges.add(profile.edges, translation);
  }

  finish(): EdgesProfile {
    return {
      counts: this.#counts,
      ...this.#metadata.finish(),
      functions: this.#functions.finish(),
      ...this.#rows.finish(),
      edges: this.#edges.finish(),
    };
  }
}

/** Formats, sources and notes of all profiles. */
class MergedMetadata {
  readonly #formats = new Set<string>();
  readonly #sources: string[] = [];
  readonly #notes = new MergedNotes();
  #linesAreSampled = false;

  add(profile: Profile): void {
    this.#formats.add(profile.format);
    this.#sources.push(...profile.sources);
    this.#notes.add(profile);
    this.#linesAreSampled ||= profile.linesAreSampled;
  }

  finish() {
    return {
      format: [...this.#formats].join(', '),
      linesAreSampled: this.#linesAreSampled,
      sources: this.#sources,
      notes: this.#notes.finish(),
    };
  }
}

/**
 * Returns where the functions of profiles are in the table that they were merged into: a FunctionIndex of the profile -> a
 * FunctionIndex of the merged one.
 */
export function findMergedFunctions(merged: FunctionTable, profiles: readonly FunctionTable[]): Int32Array[] {
  const table = new MergedFunctions(withoutAddresses);
  table.add(merged);
  return profiles.map((functions) => table.add(functions));
}

/** Functions of all profiles, interned under the names by which they are compared. */
class MergedFunctions {
  readonly #table = new FunctionTableBuilder();
  readonly #rule: NameRule;
  /** The table that was added last, and where it went: the files of a report have one table. */
  #last: { readonly from: FunctionTable; readonly translation: Int32Array } | null = null;

  constructor(rule: NameRule) {
    this.#rule = rule;
  }

  /** Returns FunctionIndex of the added table -> FunctionIndex of the merged table. */
  add(from: FunctionTable): Int32Array {
    if (this.#last?.from === from) return this.#last.translation;
    const translation = Int32Array.from({ length: from.length }, (_, fn) => {
      const info = functionAt(from, fn);
      return this.#table.intern({ ...info, name: this.#rule(info.name) });
    });
    this.#last = { from, translation };
    return translation;
  }

  finish(): FunctionTable {
    return this.#table.finish();
  }
}
