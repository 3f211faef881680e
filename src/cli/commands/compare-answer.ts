/** What `pstat compare` answers. Loaded on demand: no other command needs the statistics. */

import type { PstatError } from '../../base/errors.ts';
import type { Both } from '../../compare/both.ts';
import {
  type CollectedSides,
  collectFigures,
  figuresOf,
  filesMappedOnOneSide,
  haveMixedTimes,
  keepRoutes,
  type ProfileFigures,
  pairSides,
} from '../../compare/collect-sides.ts';
import { type CompareOptions, compareSides } from '../../compare/compare.ts';
import { compareRoutes, type RouteSides } from '../../compare/compare-routes.ts';
import type { Comparison } from '../../compare/comparison.ts';
import { evaluateGate, evaluateRoutesGate, type GateOptions } from '../../compare/gate.ts';
import { type LoadOptions, streamProfiles } from '../../input/load.ts';
import type { ReadRuns } from '../../input/read-runs.ts';
import { keepChunks } from '../../input/streams.ts';
import type { ProfileNote } from '../../model/notes.ts';
import type { Profile } from '../../model/profile.ts';
import type { Query } from '../../query/stats.ts';
import { isForPeople, type OutputFormat } from '../../render/render.ts';
import type { EditedFunctions } from '../../sources/edited-functions.ts';
import {
  type CompareQuery,
  type CompareRoutesView,
  type CompareView,
  compareRoutesView,
  compareView,
  parseCompareSort,
} from '../../view/compare-view.ts';
import {
  type Arguments,
  basisFrom,
  gateFrom,
  loadOptionsFrom,
  outputFormat,
  routeNamerFrom,
  selectionFrom,
  sortWords,
  sourceMapsFrom,
  statsOptionsFrom,
  textOf,
} from '../arguments.ts';
import { functionsOfSeveralRoutes, unmatchedGate } from '../errors.ts';
import type { Io } from '../io.ts';
import { withProgress } from '../progress.ts';
import { checkQuery } from './check-query.ts';

/** What ran on both sides, and where its sources are, if pstat ran it itself. */
export interface KnownSides {
  readonly labels: Both<string>;
  /** Folders of generated files and their source maps. */
  readonly sourcePath: readonly string[];
  /** Which requests are compared, as `keepRoutes` takes them; null for whole programs. */
  readonly requests: string | null;
  /** null: not known */
  readonly edited: EditedFunctions | null;
  /** What was read of them before. */
  readonly runs: ReadRuns<ProfileFigures>;
}

/** What changed between two sets of runs. Throws PstatError. */
export async function compareFiles(
  paths: Both<string>,
  args: Arguments,
  io: Io,
  known: KnownSides | null = null,
): Promise<CompareView | CompareRoutesView> {
  return (await compareRead(paths, args, { io, known, keepsProfiles: false })).view;
}

interface HowToCompare {
  readonly io: Io;
  readonly known: KnownSides | null;
  /** Whether the profiles are kept in memory, and returned. */
  readonly keepsProfiles: boolean;
}

/** As compareFiles, with the profiles of both sides. */
export async function compareRead(
  paths: Both<string>,
  args: Arguments,
  { io, known, keepsProfiles }: HowToCompare,
): Promise<ComparedFiles> {
  const { view, compare, ...question } = questionFrom(args);
  // By file, because the files may be read twice.
  const broken = new Map<string | null, PstatError>();
  const skipped = new Map<string, ProfileNote>();
  const all = await collectBoth(paths, args, {
    ...io,
    sourcePath: known?.sourcePath ?? [],
    runs: known?.runs ?? null,
    onBroken: (error) => broken.set(error.source, error),
    onNotes: (notes) => {
      for (const note of notes.filter(isAboutSkipped)) skipped.set(JSON.stringify(note), note);
    },
    keepsProfiles,
  });
  const requests = known?.requests ?? null;
  const collected = requests === null ? all : keepRoutes(all, requests);
  const leftOut = [...broken.values()].map(({ message }) => message);
  const labels = known?.labels ?? null;
  const isEdited = await editedTest(args, known);
  const asked = {
    ...question,
    compare: { ...compare, labels, isEdited },
    view: { ...view, leftOut, skipped: [...skipped.values()] },
  };
  return {
    view: compareCollected(collected, paths, asked),
    profiles: all.profiles,
    viewOfRoute: (route) => compareCollected(keepRoutes(collected, route), paths, asked),
  };
}

function isAboutSkipped({ code }: ProfileNote): boolean {
  return code === 'skipped-files' || code === 'skipped-entries';
}

interface ComparedFiles {
  readonly view: CompareView | CompareRoutesView;
  /** Empty unless they are kept. */
  readonly profiles: Both<readonly Profile[]>;
  /** As with --route. Throws PstatError. */
  viewOfRoute(route: string): CompareView | CompareRoutesView;
}

/** Throws PstatError (`query`) for --diff with a revision that does not exist. */
async function editedTest(
  args: Arguments,
  known: KnownSides | null,
): Promise<NonNullable<CompareOptions['isEdited']> | null> {
  const range = textOf(args, 'diff');
  const edited = range === null ? (known?.edited ?? null) : await (await import('./edited.ts')).editedInRange(range);
  return edited && ((before, after) => edited.has(before, after));
}

/** What reading takes beside the arguments. */
interface Reading extends Pick<Io, 'stdin' | 'stderr' | 'env'> {
  readonly sourcePath: readonly string[];
  /** null: all files are read. */
  readonly runs: ReadRuns<ProfileFigures> | null;
  readonly onBroken: (error: PstatError) => void;
  readonly onNotes: (notes: readonly ProfileNote[]) => void;
  /** Whether the profiles are kept in memory. */
  readonly keepsProfiles: boolean;
}

/** Compares what was collected of both sides. Several routes make one row each. */
export function compareCollected(
  collected: CollectedBoth,
  names: Both<string>,
  question: CompareQuestion,
): CompareView | CompareRoutesView {
  const pair = pairSides(collected.before, collected.after);
  if ('routes' in pair) return routesView(pair.routes, names, question);
  const comparison = withNotes(compareSides(pair.sides, question.compare), collected.oneSided ?? new Set());
  return compareView(comparison, question.view, checkGate(comparison, question.gate, question.view.filtered));
}

interface CompareQuestion {
  readonly compare: CompareOptions;
  readonly view: CompareQuery;
  readonly gate: GateOptions | null;
  /** Whether --diff asks for functions to be marked. */
  readonly isDiffAsked?: boolean;
}

/** Validates the options of a comparison before programs run for it, which may take long. Throws PstatError (`query`). */
export function checkQuestion(args: Arguments): void {
  questionFrom(args);
  checkQuery(selectionFrom(args));
}

function questionFrom(args: Arguments): CompareQuestion {
  const query = selectionFrom(args);
  const { paths = 'short' } = statsOptionsFrom(args);
  const sort = parseCompareSort(sortWords(args));
  const style = { time: basisFrom(args), paths, format: outputFormat(args) };
  const { compare, view } = compareQuestion(query, sort, style);
  const verdict = { gate: gateFrom(args), isDiffAsked: args['diff'] !== undefined };
  return { compare, view: { ...view, filtered: view.filtered || selectsStacks(args) }, ...verdict };
}

function selectsStacks(args: Arguments): boolean {
  return ['focus', 'ignore', 'from', 'to'].some((option) => args[option] !== undefined);
}

/** What is compared, and how it is shown. */
export function compareQuestion(
  { filter = [], exclude = [], reverse = false, limit = 0 }: Query,
  sort: CompareQuery['sort'],
  { time, paths, format }: Required<Pick<CompareOptions, 'time' | 'paths'>> & { format: OutputFormat },
) {
  return {
    compare: { measure: sort[0] === 'cumtime' ? ('total' as const) : ('self' as const), time, filter, exclude, paths },
    view: {
      sort,
      reverse,
      limit,
      filtered: filter.length + exclude.length > 0,
      onlyChanged: isForPeople(format),
    },
  };
}

interface CollectedBoth extends Both<CollectedSides> {
  /** Files that are not mapped because one side has no usable map of them. */
  readonly oneSided?: ReadonlySet<string>;
}

interface ReadBoth extends CollectedBoth {
  /** Empty unless they are kept. */
  readonly profiles: Both<readonly Profile[]>;
}

/**
 * Reads once more where the sides do not compare: for counted time where only some files know their undisturbed time, and
 * for the generated places of files that only one side has maps of.
 */
async function collectBoth(paths: Both<string>, args: Arguments, given: Reading): Promise<ReadBoth> {
  const basis = basisFrom(args);
  const time: LoadOptions['time'] =
    basis === 'auto' || basis === 'busy' ? 'auto' : basis === 'undisturbed' ? basis : 'counted';
  const maps = sourceMapsFrom(args);
  const sourceMaps = maps && { ...maps, sourcePath: [...(maps.sourcePath ?? []), ...given.sourcePath] };
  const io = { ...given, stdin: keepChunks(given.stdin) };
  const collected = await collectWith({ time, sourceMaps }, paths, args, io);
  const isMixed = haveMixedTimes(collected.before, collected.after);
  const oneSided = filesMappedOnOneSide(collected.before, collected.after);
  if (!isMixed && oneSided.size === 0) return collected;
  const again = {
    time: isMixed ? 'counted' : time,
    sourceMaps: sourceMaps && { ...sourceMaps, except: oneSided },
  } as const;
  return { ...(await collectWith(again, paths, args, io)), oneSided };
}

async function collectWith(
  how: Pick<LoadOptions, 'time' | 'sourceMaps'>,
  { before, after }: Both<string>,
  args: Arguments,
  io: Reading,
): Promise<ReadBoth> {
  const profiles = { before: [] as Profile[], after: [] as Profile[] };
  const { skipBroken, ...options } = loadOptionsFrom(args);
  const load = { ...options, stdin: io.stdin, ...how, ...(skipBroken === true ? { onBroken: io.onBroken } : {}) };
  const collect = (path: string, side: keyof Both<unknown>) =>
    withProgress(io, (onProgress) => {
      const read = (place: string) => {
        const stream = streamProfiles([place], { ...load, onProgress }, io.onNotes);
        const kept = io.keepsProfiles ? keepProfiles(stream, profiles[side]) : stream;
        return figuresOf(kept, statsOptionsFrom(args), routeNamerFrom(args));
      };
      const key = JSON.stringify([how.time, ...(how.sourceMaps?.except ?? [])]);
      return collectFigures(path, io.runs?.figures(path, key, read) ?? read(path));
    });
  return { before: await collect(before, 'before'), after: await collect(after, 'after'), profiles };
}

async function* keepProfiles(stream: AsyncIterable<Profile>, kept: Profile[]): AsyncGenerator<Profile> {
  for await (const profile of stream) {
    kept.push(profile);
    yield profile;
  }
}

/** The profiles of one route or program on both sides, to be compared again and again. Throws PstatError. */
export async function loadCompared(paths: Both<string>, args: Arguments, io: Io): Promise<Both<readonly Profile[]>> {
  const reading = { ...io, sourcePath: [], runs: null, onBroken: () => {}, onNotes: () => {}, keepsProfiles: true };
  const collected = await collectBoth(paths, args, reading);
  if ('routes' in pairSides(collected.before, collected.after)) throw functionsOfSeveralRoutes('against compares');
  return collected.profiles;
}

function withNotes(comparison: Comparison, oneSided: ReadonlySet<string>): Comparison {
  if (oneSided.size === 0) return comparison;
  return { ...comparison, notes: [...comparison.notes, { code: 'one-sided-source-map', files: [...oneSided] }] };
}

/** A gate whose filter matches nothing checks nothing: that must not pass. */
function checkGate(comparison: Comparison, options: GateOptions | null, isFiltered: boolean) {
  if (options === null) return null;
  if (comparison.rows.length === 0 && isFiltered) throw unmatchedGate();
  return evaluateGate(comparison, options);
}

function routesView(
  routes: Both<RouteSides>,
  names: Both<string>,
  { gate, compare, view, isDiffAsked }: CompareQuestion,
): CompareRoutesView {
  if (gate?.target === 'function') throw functionsOfSeveralRoutes('fail-on function checks');
  if (isDiffAsked) throw functionsOfSeveralRoutes('diff marks functions of');
  const comparison = compareRoutes(routes.before, routes.after, compare);
  if (gate !== null && comparison.routes.length === 0) throw unmatchedGate();
  const checked = gate === null ? null : evaluateRoutesGate(comparison, gate);
  const { labels = null } = compare;
  const query = { ...view, ranInTurn: labels !== null };
  return compareRoutesView(comparison, labels ?? names, { query, gate: checked });
}
