/** The answers of `top`, `callers` and `callees`. */

import { loadProfile } from '../../input/load.ts';
import { at } from '../../model/columns.ts';
import { knowsLines } from '../../query/lines.ts';
import type { FunctionChoice, PatternLike } from '../../query/pattern.ts';
import { type Query, Stats } from '../../query/stats.ts';
import { isForPeople, type OutputFormat } from '../../render/render.ts';
import type { ViewNote } from '../../view/notes.ts';
import type { PstatsView } from '../../view/pstats-view.ts';
import { functionsView, groupsView, ownersView, type RowKind, relationsView, type View } from '../../view/views.ts';
import { type Arguments, outputFormat, queryFrom, rowKind, statsOptionsFrom } from '../arguments.ts';
import { missingWords, noExecutingLines } from '../errors.ts';
import type { Io } from '../io.ts';
import { loadWithProgress } from '../progress.ts';
import type { PstatsCommand } from './pstats-format.ts';

/** Throws PstatError. */
export async function topAnswer(words: readonly string[], args: Arguments, io: Io): Promise<View | PstatsView> {
  if (outputFormat(args) === 'pstats')
    return loadPstatsAnswer({ list: 'functions', pattern: null, files: filesOrStdin(words, io) }, args, io);
  const query = queryFrom(args);
  const by = rowKind(args);
  const stats = await loadStats(words, args, io);
  return rowsView(by, stats, { query, format: outputFormat(args) });
}

interface RowsQuestion {
  readonly query: Query;
  readonly format: OutputFormat;
}

/** A table of functions, or of the groups that they form. People see rows without tottime only where all are asked for. */
export function rowsView(by: RowKind, stats: Stats, { query, format }: RowsQuestion): View {
  if (by === 'line' && !knowsLines(stats.profile)) throw noExecutingLines(stats.profile.sources[0] ?? '');
  const options = { hideZeros: isForPeople(format) && query.limit !== '0' };
  if (by === 'owner') return ownersView(stats, query, options);
  return by === 'function' ? functionsView(stats, query, options) : groupsView(by, stats, query, options);
}

/** Throws PstatError. */
export async function relationsAnswer(
  name: 'callers' | 'callees',
  words: readonly string[],
  { args, io }: { readonly args: Arguments; readonly io: Io },
): Promise<View | PstatsView> {
  const [pattern, ...named] = words;
  const files = filesOrStdin(named, io);
  if (pattern === undefined || files.length === 0) throw missingWords(name, words);
  if (outputFormat(args) === 'pstats') return loadPstatsAnswer({ list: name, pattern, files }, args, io);
  const query = queryFrom(args);
  return callersView(name, await loadStats(files, args, io), { pattern, query });
}

/** Callers or callees; a FUNCTION that matches nothing adds a note with the nearest names. */
export async function callersView(
  name: 'callers' | 'callees',
  stats: Stats,
  question: { readonly pattern: PatternLike; readonly query: Query },
): Promise<View> {
  return withNearestNames(relationsView(name, stats, question), stats, question.pattern);
}

/** Adds a note with the nearest names to an answer that nothing matches. */
export async function withNearestNames<
  Answer extends { readonly matched: number; readonly notes: readonly ViewNote[] },
>(view: Answer, stats: Stats, pattern: FunctionChoice): Promise<Answer> {
  if (view.matched > 0 || typeof pattern === 'number') return view;
  const { findNearest } = await import('../../base/nearest.ts');
  const { functions, rows } = stats.graph;
  const names = new Set([...rows].map((fn) => at(functions.name, fn)).filter((each) => each !== ''));
  const close = findNearest(typeof pattern === 'string' ? pattern : pattern.source, [...names]);
  return close.length === 0 ? view : { ...view, notes: [...view.notes, { code: 'nearest-names', names: close }] };
}

/** Loads the code for --format pstats, which few runs need. */
async function loadPstatsAnswer(command: PstatsCommand, args: Arguments, io: Io): Promise<PstatsView> {
  const { pstatsAnswer } = await import('./pstats-format.ts');
  return pstatsAnswer(command, args, io);
}

/** `pstat < app.cpuprofile`: a file as standard input is read where no file is named. A pipe needs the name `-`. */
export function filesOrStdin(files: readonly string[], io: Io): readonly string[] {
  return files.length === 0 && io.stdinIsFile() ? ['-'] : files;
}

/** Loads and merges the files and applies --focus and --ignore. Throws PstatError. */
export async function loadStats(files: readonly string[], args: Arguments, io: Io): Promise<Stats> {
  const options = statsOptionsFrom(args);
  const profile = await loadWithProgress(args, io, (load) => loadProfile(filesOrStdin(files, io), load));
  return new Stats(profile, options);
}
