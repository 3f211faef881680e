/** The answer of `list`. */

import path from 'node:path';
import { applyLimit } from '../../query/limit.ts';
import { knowsLines, unknownLineShare } from '../../query/lines.ts';
import type { FunctionChoice } from '../../query/pattern.ts';
import type { FunctionRow, Query, Stats } from '../../query/stats.ts';
import { ProfileTexts } from '../../sources/profile-text.ts';
import { SourceFolder, type SourceText } from '../../sources/source-text.ts';
import { hotPlacesView, type ListView, listView } from '../../view/list-view.ts';
import { type Arguments, sourceFoldersFrom, textOf } from '../arguments.ts';
import { missingWords } from '../errors.ts';
import type { Io } from '../io.ts';
import { loadStats, withNearestNames } from './queries-answer.ts';

/** Throws PstatError. */
export async function listAnswer(words: readonly string[], args: Arguments, io: Io): Promise<ListView> {
  if (words.length === 0) throw missingWords('list', words);
  const [first = '', ...others] = words;
  const limit = textOf(args, 'limit');
  const folders = sourceFoldersFrom(args);
  if (others.length === 0) return listHottest(await loadStats([first], args, io), limit ?? '5', folders);
  const stats = await loadStats(others, args, io);
  return listFunctions(stats, { pattern: first, query: { limit: limit ?? '0' }, folders });
}

/** The hottest lines, with what is around them; the hottest functions where the lines of most time are not known. */
async function listHottest(stats: Stats, limit: string, folders: readonly string[]): Promise<ListView> {
  if (!knowsLines(stats.profile) || unknownLineShare(stats.profile) > 0.5) {
    return listFunctions(stats, { pattern: '', query: { limit, sort: ['tottime'] }, folders });
  }
  const groups = stats.groups('line').rows.filter(({ line }) => line !== null);
  const rows = groups.slice(0, applyLimit(limit, groups.length));
  const { rows: listings } = stats.listings(inFiles(rows));
  return hotPlacesView(stats, { rows, groups, listings }, await readSources(stats, rows, folders));
}

/** Matches the functions of the files of rows. */
function inFiles(rows: readonly { readonly file: string | null }[]): RegExp {
  const files = [...new Set(rows.map(({ file }) => file ?? ''))];
  return new RegExp(`^(?:${files.map((file) => file.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')).join('|')}):\\d`);
}

/** The listing of functions, with the sources below the working directory and the folders. Throws PstatError. */
export async function listFunctions(
  stats: Stats,
  { pattern, query, folders }: { pattern: FunctionChoice; query: Query; folders: readonly string[] },
): Promise<ListView> {
  const result = stats.listings(pattern, query);
  return withNearestNames(listView(stats, result, await readSources(stats, result.rows, folders)), stats, pattern);
}

/** Finds the sources of rows: in the profile, else below the folders and the working directory. */
export async function readSources(
  { profile }: Stats,
  rows: readonly FunctionRow[],
  folders: readonly string[],
): Promise<ReadonlyMap<string, SourceText>> {
  const sources = new SourceFolder(
    folders.map((folder) => path.resolve(folder)),
    path.resolve('.'),
  );
  const files = new Set(rows.flatMap(({ file }) => file ?? []));
  const texts = new ProfileTexts(profile);
  const textOf = async (file: string): Promise<SourceText> => {
    const text = texts.find(file);
    return text === null ? sources.read(file) : { kind: 'text', text };
  };
  return new Map(await Promise.all([...files].map(async (file) => [file, await textOf(file)] as const)));
}
