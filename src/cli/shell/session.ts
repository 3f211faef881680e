/** The state of a shell: the profiles that were read, and the settings that apply to them. */

import { PstatError } from '../../base/errors.ts';
import { collectSides } from '../../compare/collect-sides.ts';
import { type DatedProfile, type LoadOptions, loadDated, streamProfiles } from '../../input/load.ts';
import { at } from '../../model/columns.ts';
import { checkMergeable, merge } from '../../model/merge.ts';
import type { Profile } from '../../model/profile.ts';
import { combineProfiles, toPythonProfile } from '../../pstats/combine.ts';
import { createListing, type ListKind } from '../../pstats/listing.ts';
import { describeKeys, isKey } from '../../pstats/order.ts';
import type { PythonStats } from '../../pstats/python-stats.ts';
import type { PatternRule, Restriction } from '../../pstats/restrictions.ts';
import type { LayoutTreeQuery } from '../../query/layout-tree.ts';
import { type PatternLike, parsePattern } from '../../query/pattern.ts';
import { describeSortKey, parseSortKeys, parseSortWords, SORT_KEYS } from '../../query/sort-keys.ts';
import { type Query, Stats, type StatsOptions } from '../../query/stats.ts';
import { noteText } from '../../render/note-words.ts';
import type { OutputFormat } from '../../render/render.ts';
import { type CompareRoutesView, type CompareView, parseCompareSort } from '../../view/compare-view.ts';
import type { ListView } from '../../view/list-view.ts';
import type { ViewNote } from '../../view/notes.ts';
import { type PstatsView, pstatsView } from '../../view/pstats-view.ts';
import type { TreeView } from '../../view/tree-view.ts';
import type { RowKind, View } from '../../view/views.ts';
import { compareCollected, compareQuestion } from '../commands/compare-answer.ts';
import { listFunctions } from '../commands/list-answer.ts';
import { callersView, rowsView } from '../commands/queries-answer.ts';
import { answerTree, DEFAULT_MIN, defaultFrames, defaultLines } from '../commands/tree-answer.ts';
import { WHOLE_TREE } from '../tree-options.ts';
import { tooManyPatterns } from './errors.ts';
import { parseTableQuestion } from './table-query.ts';

/** Patterns that stay until they are changed: of rows (filter, exclude) and of stacks (focus, ignore). */
export const PATTERN_KINDS = ['filter', 'exclude', 'focus', 'ignore'] as const;

export type PatternKind = (typeof PATTERN_KINDS)[number];

/** Runs an action and shows its progress. */
export type WithProgress = <Result>(act: (onProgress: LoadOptions['onProgress']) => Promise<Result>) => Promise<Result>;

export interface SessionOptions {
  readonly load: LoadOptions;
  readonly withProgress: WithProgress;
  /** Whether V8's `(idle)` is a row. */
  readonly idle: boolean;
  /** Null for the default of the profile. */
  readonly format: OutputFormat | null;
}

/** An operation on Python's statistics that can be repeated. */
type Step = (stats: PythonStats) => void;

/** Thrown by a read whose result is no longer wanted. */
export class AbandonedRead extends Error {}

export class Session {
  readonly #options: SessionOptions;
  #format: OutputFormat | null;
  /** Empty before the first `read`. */
  #recordings: readonly DatedProfile[] = [];
  /** The arguments that were read or added since the last `read`, that one included. */
  #names: readonly string[] = [];
  /** What `read` returned and the operations since: enough to rebuild Python's statistics. */
  #first: readonly DatedProfile[] = [];
  #steps: Step[] = [];
  #sort: readonly string[] = [];
  #reversed = false;
  #stripped = false;
  readonly #patterns: Record<PatternKind, readonly string[]> = { filter: [], exclude: [], focus: [], ignore: [] };
  #readCount = 0;
  /** Caches, computed on demand; null after a change of their input. */
  #python: PythonStats | null = null;
  #stats: Stats | null = null;

  constructor(options: SessionOptions) {
    this.#options = options;
    this.#format = options.format;
  }

  get isLoaded(): boolean {
    return this.#recordings.length > 0;
  }

  /** The argument of the last `read`; empty before. */
  get name(): string {
    return this.#names[0] ?? '';
  }

  /** How many arguments were read or added since the last `read`, that one included. */
  get files(): number {
    return this.#names.length;
  }

  /** The output format; by default pstats for Python's profiles and tables for others. */
  get format(): OutputFormat {
    if (this.#format !== null) return this.#format;
    const [first] = this.#recordings;
    return first === undefined || 'edges' in first.profile ? 'pstats' : 'table';
  }

  /** What the profile counts; calls before the first `read`. */
  get counts(): 'samples' | 'calls' {
    return this.#recordings[0]?.profile.counts ?? 'calls';
  }

  /** Function names as written. */
  *functionNames(): Iterable<string> {
    for (const { profile } of this.#recordings) yield* profile.functions.name;
  }

  // ---- reading ---------------------------------------------------------------------------------------------------

  /** Replaces what was read. Returns the notes. Throws PstatError and then changes nothing. */
  async read(name: string): Promise<readonly ViewNote[]> {
    const recordings = await this.#load(name);
    const profiles = profilesOf(recordings);
    checkMergeable(profiles);
    const notes = [...this.#dropStackPatterns(at(profiles, 0)), ...collectNotes(profiles)];
    this.#first = recordings;
    this.#recordings = recordings;
    this.#names = [name];
    this.#steps = [];
    this.#python = null;
    this.#stripped = false;
    this.#resetOrder();
    return notes;
  }

  /** Switches focus and ignore off for a profile without stacks. Returns the note on it. */
  #dropStackPatterns(profile: Profile): ViewNote[] {
    const { focus, ignore } = this.#patterns;
    if ('callTree' in profile || focus.length + ignore.length === 0) return [];
    this.#patterns.focus = [];
    this.#patterns.ignore = [];
    return [{ code: 'patterns-off' }];
  }

  /** Abandons the read in progress: its result is dropped. */
  abandon(): void {
    this.#readCount++;
  }

  /** Adds to what was read. Returns the notes. Throws PstatError and then adds nothing. */
  async add(name: string): Promise<readonly ViewNote[]> {
    const recordings = await this.#load(name);
    checkMergeable(profilesOf([...this.#recordings, ...recordings]));
    this.#apply((python) => {
      python.add(...recordings.map((each) => this.#applyStackPatterns(each)).map(toPythonProfile));
    });
    this.#recordings = [...this.#recordings, ...recordings];
    this.#names = [...this.#names, name];
    this.#resetOrder();
    return collectNotes(profilesOf(recordings));
  }

  /** Throws PstatError and AbandonedRead. */
  async #load(name: string): Promise<readonly DatedProfile[]> {
    const turn = this.#readCount;
    const { load, withProgress: watched } = this.#options;
    const recordings = await watched((onProgress) => loadDated([name], { ...load, onProgress }));
    if (turn !== this.#readCount) throw new AbandonedRead();
    return recordings;
  }

  // ---- settings --------------------------------------------------------------------------------------------------

  /** Cuts paths to file names. */
  strip(): void {
    this.#stripped = true;
    this.#apply((python) => {
      python.strip();
    });
    this.#resetOrder();
  }

  /** The sort keys of the current format that the profile supports, each with its meaning. */
  availableKeys(): readonly (readonly [word: string, meaning: string])[] {
    if (this.format === 'pstats') return describeKeys(this.counts);
    return SORT_KEYS.filter((key) => isAnswerable(key, this.counts)).map((key) => [key, describeSortKey(key)]);
  }

  /** Whether the words are keys of the current format. Throws PstatError for a key that the profile does not support. */
  acceptsKeys(words: readonly string[]): boolean {
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
    this.#apply((python) => {
      // A table has more keys than pstats, which then lists in file order.
      if (words.every((word) => isKey(word, this.counts))) python.sort(...words);
      else python.sort();
    });
  }

  reverse(): void {
    this.#reversed = !this.#reversed;
    this.#apply((python) => {
      python.reverse();
    });
  }

  /** Throws PstatError and then changes nothing: `query` for a bad pattern, `missing-data` if there are no stacks. */
  setPatterns(kind: PatternKind, patterns: readonly string[]): void {
    patterns.forEach(parsePattern);
    const before = this.#patterns[kind];
    this.#patterns[kind] = patterns;
    if (kind === 'filter' || kind === 'exclude') return;
    try {
      for (const recording of this.#recordings) this.#applyStackPatterns(recording);
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

  /** Sets the output format. pstats lists in file order if it does not have the current sort key. */
  setFormat(format: OutputFormat): void {
    this.#format = format;
  }

  #apply(step: Step): void {
    this.#steps.push(step);
    if (this.#python !== null) step(this.#python);
    this.#stats = null;
  }

  #resetOrder(): void {
    this.#sort = [];
    this.#reversed = false;
    this.#stats = null;
  }

  // ---- answers ---------------------------------------------------------------------------------------------------

  /** Lists functions, callers or callees. Throws PstatError, as all answers do. */
  async list(list: ListKind, restrictions: readonly Restriction[]): Promise<View | PstatsView> {
    if (this.format === 'pstats') {
      const python = this.#pythonStats();
      return pstatsView(createListing(python, { list, restrictions, rules: this.#rules() }), python.size, []);
    }
    if (list === 'functions') return this.rows('function', restrictions);
    const { patterns, limit } = parseTableQuestion(restrictions, this.format);
    const [pattern = '', ...others] = patterns;
    if (others.length > 0) throw tooManyPatterns(list);
    return callersView(list, this.#tableStats(), { pattern: asName(pattern), query: this.#query(limit) });
  }

  /** The source of the functions that match, from below the working directory. Throws PstatError. */
  listSource(pattern: string): Promise<ListView> {
    return listFunctions(this.#tableStats(), { pattern, query: {}, folders: [] });
  }

  /** A table of functions, files, packages or categories; pstats has no groups, so there it is a table as well. */
  rows(by: RowKind, restrictions: readonly Restriction[]): View {
    const { patterns, limit } = parseTableQuestion(restrictions, this.format);
    return rowsView(by, this.#tableStats(), { query: this.#query(limit, patterns), format: this.format });
  }

  /** The call tree. @param lines null for the default */
  tree({ lines, ...query }: Partial<LayoutTreeQuery> & { readonly lines: number | null }): TreeView {
    const whole = { ...WHOLE_TREE, ...query };
    return answerTree(this.#tableStats(), whole, {
      lines: lines ?? defaultLines(this.format),
      depth: Number.POSITIVE_INFINITY,
      frames: defaultFrames(whole),
      min: DEFAULT_MIN,
    });
  }

  /** What the explorer reads. */
  explored() {
    return { stats: this.#tableStats(), options: this.#statsOptions(), names: this.#names };
  }

  /** Compares what was read, as BEFORE, with a path, as AFTER. @param limit null for the default */
  async compare(path: string, limit: string | null): Promise<CompareView | CompareRoutesView> {
    const { load, withProgress: watched } = this.#options;
    const stats = this.#statsOptions();
    const before = await collectSides(this.name, profilesOf(this.#recordings), stats);
    const after = await watched((onProgress) =>
      collectSides(path, streamProfiles([path], { ...load, onProgress }), stats),
    );
    const query = this.#query(limit ?? parseTableQuestion([], this.format).limit);
    const style = { time: 'auto', paths: stats.paths ?? 'short', format: this.format } as const;
    const question = { ...compareQuestion(query, parseCompareSortOrDefault(this.#sort), style), gate: null };
    return compareCollected({ before, after }, { before: this.name, after: path }, question);
  }

  #query(limit: string, patterns: readonly RegExp[] = []): Query {
    const { filter, exclude } = this.#patterns;
    const sort = this.#sort.length > 0 ? { sort: parseSortWords(this.#sort) } : {};
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
    return { idle: this.#options.idle, ...(this.#stripped ? { paths: 'base' } : {}), focus, ignore };
  }

  #applyStackPatterns({ profile, modified }: DatedProfile) {
    return { stats: new Stats(profile, this.#statsOptions()), idle: this.#options.idle, modified };
  }

  #tableStats(): Stats {
    this.#stats ??= new Stats(merge(profilesOf(this.#recordings)), this.#statsOptions());
    return this.#stats;
  }

  #pythonStats(): PythonStats {
    if (this.#python !== null) return this.#python;
    const { stats } = combineProfiles(this.#first.map((each) => this.#applyStackPatterns(each)));
    for (const step of this.#steps) step(stats);
    this.#python = stats;
    return stats;
  }
}

function profilesOf(recordings: readonly DatedProfile[]): readonly Profile[] {
  return recordings.map(({ profile }) => profile);
}

/** A regular expression of letters alone is a name, as on the command line, where an exact name wins. */
function asName(pattern: RegExp | ''): PatternLike {
  return pattern !== '' && pattern.flags === 'v' && /^\w+$/.test(pattern.source) ? pattern.source : pattern;
}

/** Returns each note once, however many files have it. */
function collectNotes(profiles: readonly Profile[]): ViewNote[] {
  const notes = profiles.flatMap((profile) => profile.notes);
  return [...new Map(notes.map((note) => [noteText(note), note])).values()];
}

function isAnswerable(key: string, counts: 'samples' | 'calls'): boolean {
  try {
    return parseSortKeys([key], counts).length > 0;
  } catch (error) {
    if (error instanceof PstatError) return false;
    throw error;
  }
}

/** Falls back to the default order, because a comparison has fewer keys than a table. */
function parseCompareSortOrDefault(words: readonly string[]): ReturnType<typeof parseCompareSort> {
  try {
    return parseCompareSort(words);
  } catch (error) {
    if (error instanceof PstatError) return parseCompareSort([]);
    throw error;
  }
}
