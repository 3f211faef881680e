/** What a shell knows: the profiles that were read, and what was said of them since. */

import { PstatError } from '../../base/errors.ts';
import { collectSides } from '../../compare/collect-sides.ts';
import { type DatedProfile, type LoadOptions, loadDated, streamProfiles } from '../../input/load.ts';
import { checkMergeable, merge } from '../../model/merge.ts';
import type { Profile } from '../../model/profile.ts';
import { addedProfiles, pythonProfile } from '../../pstats/combine.ts';
import { type ListKind, listed } from '../../pstats/listing.ts';
import { describedKeys, isKey } from '../../pstats/order.ts';
import type { PythonStats } from '../../pstats/python-stats.ts';
import type { PatternRule, Restriction } from '../../pstats/restrictions.ts';
import { parsePattern } from '../../query/pattern.ts';
import { describeSortKey, parseSortKeys, SORT_KEYS } from '../../query/sort-keys.ts';
import { type Query, Stats, type StatsOptions } from '../../query/stats.ts';
import type { OutputFormat } from '../../render/render.ts';
import { type CompareRoutesView, type CompareView, parseCompareSort } from '../../view/compare-view.ts';
import { type PstatsView, pstatsView } from '../../view/pstats-view.ts';
import { type RowKind, relationsView, type View } from '../../view/views.ts';
import { compareCollected, compareQuestion } from '../commands/compare-answer.ts';
import { rowsView } from '../commands/queries-answer.ts';
import { severalPatterns } from './errors.ts';
import { tableQuestion } from './table-query.ts';

/** The patterns that stay until they are changed: of rows, and of stacks. */
export const PATTERN_KINDS = ['filter', 'exclude', 'focus', 'ignore'] as const;

export type PatternKind = (typeof PATTERN_KINDS)[number];

/** Has whoever waits see how far it has come. */
export type Watched = <Result>(act: (onProgress: LoadOptions['onProgress']) => Promise<Result>) => Promise<Result>;

export interface SessionOptions {
  readonly load: LoadOptions;
  readonly watched: Watched;
  /** Whether V8's `(idle)` is a function. */
  readonly idle: boolean;
  /** Null for what suits the profile. */
  readonly format: OutputFormat | null;
}

type Recordings = readonly [DatedProfile, ...DatedProfile[]];

/** Something that was done to Python's statistics, which can be done again. */
type Step = (stats: PythonStats) => void;

/** What was read when nobody waited for it any more. */
export class Abandoned extends Error {}

export class Session {
  readonly #options: SessionOptions;
  #format: OutputFormat | null;
  /** Empty until something was read. */
  #recordings: readonly DatedProfile[] = [];
  #name = '';
  #files = 0;
  /** What was read first, and what was done since: enough to make Python's statistics anew. */
  #first: Recordings | null = null;
  #steps: Step[] = [];
  #sort: readonly string[] = [];
  #reversed = false;
  #stripped = false;
  readonly #patterns: Record<PatternKind, readonly string[]> = { filter: [], exclude: [], focus: [], ignore: [] };
  #turn = 0;
  /** Made when asked for; null when what they rest on has changed. */
  #python: PythonStats | null = null;
  #stats: Stats | null = null;

  constructor(options: SessionOptions) {
    this.#options = options;
    this.#format = options.format;
  }

  get isLoaded(): boolean {
    return this.#first !== null;
  }

  /** What was read, as it was named; empty before. */
  get name(): string {
    return this.#name;
  }

  /** How many names were read or added since the last `read`. */
  get files(): number {
    return this.#files;
  }

  /** How answers are written: Python's profiles as Python writes them, others as tables, unless told. */
  get format(): OutputFormat {
    if (this.#format !== null) return this.#format;
    return this.#first === null || 'edges' in this.#first[0].profile ? 'pstats' : 'table';
  }

  /** What is counted; calls as long as there is nothing. */
  get counts(): 'samples' | 'calls' {
    return this.#first?.[0].profile.counts ?? 'calls';
  }

  /** Names of functions, as written. */
  *functionNames(): Iterable<string> {
    for (const { profile } of this.#recordings) yield* profile.functions.name;
  }

  // ---- what is read ----------------------------------------------------------------------------------------------

  /** Forgets what was read, and reads. Returns the notes. Throws PstatError, and then has forgotten nothing. */
  async read(name: string): Promise<readonly string[]> {
    const recordings = await this.#load(name);
    const kinds = checkMergeable(profilesOf(recordings));
    const notes = [...this.#unfocused(kinds[0]), ...notesOf(kinds)];
    this.#first = recordings;
    this.#recordings = recordings;
    this.#name = name;
    this.#files = 1;
    this.#steps = [];
    this.#python = null;
    this.#stripped = false;
    this.#unsort();
    return notes;
  }

  /** What was said of stacks means nothing for pairs. */
  #unfocused(profile: Profile): string[] {
    const { focus, ignore } = this.#patterns;
    if ('callTree' in profile || focus.length + ignore.length === 0) return [];
    this.#patterns.focus = [];
    this.#patterns.ignore = [];
    return ['focus and ignore are off now: this profile knows pairs of functions, not stacks'];
  }

  /** What is being read is not wanted any more: when it comes, it is dropped. */
  abandon(): void {
    this.#turn++;
  }

  /** Adds to what was read. Returns the notes. Throws PstatError, and then has added nothing. */
  async add(name: string): Promise<readonly string[]> {
    const recordings = await this.#load(name);
    if (this.#first === null) throw new RangeError('added before anything was read');
    checkMergeable([this.#first[0].profile, ...profilesOf(recordings)]);
    this.#step((python) => {
      python.add(...recordings.map((each) => this.#asked(each)).map(pythonProfile));
    });
    this.#recordings = [...this.#recordings, ...recordings];
    this.#files++;
    this.#unsort();
    return notesOf(profilesOf(recordings));
  }

  /** Throws Abandoned too. */
  async #load(name: string): Promise<Recordings> {
    const turn = this.#turn;
    const { load, watched } = this.#options;
    const recordings = await watched((onProgress) => loadDated([name], { ...load, onProgress }));
    if (turn !== this.#turn) throw new Abandoned();
    return recordings;
  }

  // ---- what is said of it ----------------------------------------------------------------------------------------

  /** File names for paths. */
  strip(): void {
    this.#stripped = true;
    this.#step((python) => {
      python.strip();
    });
    this.#unsort();
  }

  /** The keys of the present format that suit the profile, each with what it means. */
  keys(): readonly (readonly [word: string, meaning: string])[] {
    if (this.format === 'pstats') return describedKeys(this.counts);
    return SORT_KEYS.filter((key) => isAnswerable(key, this.counts)).map((key) => [key, describeSortKey(key)]);
  }

  /** Whether the words are keys of the present format. Throws PstatError where a table's key does not suit the profile. */
  takesKeys(words: readonly string[]): boolean {
    if (this.format === 'pstats') return words.every((word) => isKey(word, this.counts));
    try {
      return parseSortKeys(words, this.counts).length > 0;
    } catch (error) {
      if (error instanceof PstatError && error.kind === 'query') return false;
      throw error;
    }
  }

  sort(words: readonly string[]): void {
    this.#sort = words;
    this.#reversed = false;
    this.#stats = null;
    this.#step((python) => {
      // A table has more keys than pstats, which then lists in its own order.
      if (words.every((word) => isKey(word, this.counts))) python.sort(...words);
      else python.sort();
    });
  }

  reverse(): void {
    this.#reversed = !this.#reversed;
    this.#step((python) => {
      python.reverse();
    });
  }

  /** Throws PstatError, and then has changed nothing: `query` for a pattern that does not parse, `missing-data` for pairs. */
  setPatterns(kind: PatternKind, patterns: readonly string[]): void {
    patterns.forEach(parsePattern);
    const before = this.#patterns[kind];
    this.#patterns[kind] = patterns;
    if (kind === 'filter' || kind === 'exclude') return;
    try {
      for (const recording of this.#recordings) this.#asked(recording);
    } catch (error) {
      this.#patterns[kind] = before;
      throw error;
    }
    this.#stats = null;
    this.#python = null;
  }

  patterns(kind: PatternKind): readonly string[] {
    return this.#patterns[kind];
  }

  /** From now on. An order that pstats does not know is forgotten when pstats is to list. */
  setFormat(format: OutputFormat): void {
    this.#format = format;
  }

  #step(step: Step): void {
    this.#steps.push(step);
    if (this.#python !== null) step(this.#python);
    this.#stats = null;
  }

  #unsort(): void {
    this.#sort = [];
    this.#reversed = false;
    this.#stats = null;
  }

  // ---- answers ---------------------------------------------------------------------------------------------------

  /** Functions, or callers, or callees. Throws PstatError, as all answers. */
  list(list: ListKind, restrictions: readonly Restriction[]): View | PstatsView {
    if (this.format === 'pstats') {
      const python = this.#pythonStats();
      return pstatsView(listed(python, { list, restrictions, rules: this.#rules() }), python.size, []);
    }
    if (list === 'functions') return this.rows('function', restrictions);
    const { patterns, limit } = tableQuestion(restrictions, this.format);
    const [pattern = '', ...others] = patterns;
    if (others.length > 0) throw severalPatterns(list);
    return relationsView(list, this.#tableStats(), { pattern, query: this.#query(limit) });
  }

  /** A table of functions, files, packages or categories; pstats has no groups, so there it is a table as well. */
  rows(by: RowKind, restrictions: readonly Restriction[]): View {
    const { patterns, limit } = tableQuestion(restrictions, this.format);
    return rowsView(by, this.#tableStats(), this.#query(limit, patterns));
  }

  /** Compares what was read, as BEFORE, with a path, as AFTER. @param limit null for the default */
  async compare(path: string, limit: string | null): Promise<CompareView | CompareRoutesView> {
    const { load, watched } = this.#options;
    const stats = this.#statsOptions();
    const profiles = this.#recordings.map(({ profile }) => profile);
    const before = await collectSides(this.#name, profiles, stats);
    const after = await watched((onProgress) =>
      collectSides(path, streamProfiles(path, { ...load, onProgress }), stats),
    );
    const query = this.#query(limit ?? tableQuestion([], this.format).limit);
    const style = { time: 'auto', paths: stats.paths ?? 'short', format: this.format } as const;
    const question = { ...compareQuestion(query, compareSort(this.#sort), style), gate: null };
    return compareCollected({ before, after }, { before: this.#name, after: path }, question);
  }

  #query(limit: string, patterns: readonly RegExp[] = []): Query {
    const { filter, exclude } = this.#patterns;
    const sort = this.#sort.length > 0 ? { sort: this.#sort } : {};
    return { ...sort, reverse: this.#reversed, limit, filter: [...filter, ...patterns], exclude };
  }

  #rules(): PatternRule[] {
    const { filter, exclude } = this.#patterns;
    return [
      ...filter.map((pattern) => ({ kind: 'filter' as const, pattern })),
      ...exclude.map((pattern) => ({ kind: 'exclude' as const, pattern })),
    ];
  }

  #statsOptions(): StatsOptions {
    const { focus, ignore } = this.#patterns;
    return { idle: this.#options.idle, paths: this.#stripped ? 'base' : 'short', focus, ignore };
  }

  #asked({ profile, modified }: DatedProfile) {
    return { stats: new Stats(profile, this.#statsOptions()), idle: this.#options.idle, modified };
  }

  #tableStats(): Stats {
    if (this.#stats !== null) return this.#stats;
    const [first, ...others] = this.#recordings.map(({ profile }) => profile);
    if (first === undefined) throw new RangeError('asked before anything was read');
    this.#stats = new Stats(merge([first, ...others]), this.#statsOptions());
    return this.#stats;
  }

  #pythonStats(): PythonStats {
    if (this.#python !== null) return this.#python;
    if (this.#first === null) throw new RangeError('asked before anything was read');
    const [first, ...others] = this.#first;
    const { stats } = addedProfiles([this.#asked(first), ...others.map((each) => this.#asked(each))]);
    for (const step of this.#steps) step(stats);
    this.#python = stats;
    return stats;
  }
}

function profilesOf([first, ...others]: Recordings): readonly [Profile, ...Profile[]] {
  return [first.profile, ...others.map(({ profile }) => profile)];
}

function notesOf(profiles: readonly Profile[]): string[] {
  return [...new Set(profiles.flatMap(({ notes }) => notes))];
}

function isAnswerable(key: string, counts: 'samples' | 'calls'): boolean {
  try {
    return parseSortKeys([key], counts).length > 0;
  } catch (error) {
    if (error instanceof PstatError) return false;
    throw error;
  }
}

/** A comparison has fewer keys; where the order has none of them, it takes its own. */
function compareSort(words: readonly string[]): ReturnType<typeof parseCompareSort> {
  try {
    return parseCompareSort(words);
  } catch (error) {
    if (error instanceof PstatError) return parseCompareSort([]);
    throw error;
  }
}
