/** Finds the files that paths, folders, quoted globs and `-` stand for. */

import { type Dirent, type Stats as FileStats, promises, readdir, realpath, realpathSync, statSync } from 'node:fs';
import path from 'node:path';
import { PstatError } from '../base/errors.ts';
import type { OtherEntries } from '../base/other-entries.ts';
import { isTemporaryName, RUNS_FILE } from '../base/recording-files.ts';
import { errorCodeOf } from '../base/system-error.ts';
import { compareCodePoints } from '../base/text.ts';
import { cannotRead, noFileMatches, tooManyFolders } from './errors.ts';
import { readErrorFor } from './read-errors.ts';

export interface FoundFile {
  /** As the user named it. A report of several files is named as their folder: `report.html/GET.users.cpuprofile`. */
  readonly path: string;
  /** The report that holds it. */
  readonly report?: string;
  /** Size on the disk, before gunzipping. */
  readonly bytes: number;
}

/** The files of one argument. */
export type Found =
  | { readonly kind: 'stream'; readonly stream: AsyncIterable<Uint8Array> }
  /** A file, or the files of a glob. */
  | { readonly kind: 'files'; readonly files: readonly FoundFile[] }
  | FoundFolder
  /** Thrown when its turn comes, after the errors of files named before. */
  | { readonly kind: 'nothing'; readonly error: PstatError };

export interface FoundFolder {
  readonly kind: 'folder';
  readonly name: string;
  readonly files: readonly FoundFile[];
  /** What is in it besides files and folders. */
  readonly others: OtherEntries;
}

/** Finds the files of all names, in order, up to the first name without any. */
export async function findAll(names: readonly string[], stdin?: AsyncIterable<Uint8Array>): Promise<Found[]> {
  const all: Found[] = [];
  for (const name of names) {
    const isStream = name === '-' && stdin !== undefined;
    const found: Found = isStream ? { kind: 'stream', stream: stdin } : await find(name).catch(toNothing);
    all.push(found);
    if (found.kind === 'nothing') break;
  }
  return all;
}

/** Returns the files that were found before, as of a folder and a file in it. */
export function repeatedFiles(all: readonly Found[]): string[] {
  const seen = new Set<string>();
  const paths = all.flatMap((found) => ('files' in found ? found.files.map((file) => file.path) : []));
  return paths.filter((file) => {
    const real = realPathOf(file);
    return seen.has(real) || !seen.add(real);
  });
}

function toNothing(error: unknown): Found {
  if (error instanceof PstatError) return { kind: 'nothing', error };
  throw error;
}

/** An existing file or folder wins, whatever characters its name has. Only then is the name a glob. */
async function find(name: string): Promise<Found> {
  const found = statOrNull(name);
  if (found?.isDirectory()) return findFolder(name);
  if (found !== null) return { kind: 'files', files: [{ path: name, bytes: found.size }] };
  const report = reportAbove(name);
  if (report !== null) return { kind: 'files', files: [{ path: name, report, bytes: sizeOf(report) }] };
  const { glob, isDynamicPattern } = await import('tinyglobby');
  // Node throws for a NUL, which no path has.
  if (!isDynamicPattern(name) || name.includes('\0')) throw cannotRead(name, 'ENOENT');
  const folders = new FolderLimit();
  const options = { expandDirectories: false, absolute: path.isAbsolute(name), fs: folders, signal: folders.signal };
  const paths = await glob(name, options).catch((error) => {
    throw readErrorFor(name, error);
  });
  if (folders.signal.aborted) throw tooManyFolders(name, MAX_FOLDERS);
  if (paths.length === 0) throw noFileMatches(name);
  const files = distinctFiles(paths.sort(compareCodePoints));
  return { kind: 'files', files: files.map((file) => ({ path: file, bytes: sizeOf(file) })) };
}

/** The report that a path leads into; null for none. */
function reportAbove(name: string): string | null {
  for (let below = name, above = path.dirname(name); above !== below; [below, above] = [above, path.dirname(above)])
    if (isReportFile(above)) return above;
  return null;
}

/** A folder, or a report by its name. Throws PstatError (`unreadable`). */
export async function findFolderOrReport(name: string): Promise<Found> {
  return isReportFile(name) ? { kind: 'files', files: [{ path: name, bytes: sizeOf(name) }] } : findFolder(name);
}

/** Links of /proc, of /sys and of pnpm's packages lead to each other: `**` finds paths without number through them. */
const MAX_FOLDERS = 100_000;

/** Reads the folders of a glob and follows its links, MAX_FOLDERS together; then ends the search. */
class FolderLimit {
  readonly #controller = new AbortController();
  readonly signal = this.#controller.signal;
  #read = 0;

  readonly readdir = ((folder: string, options: { withFileTypes: true }, callback: OnEntries) => {
    if (this.#isAllowed()) readdir(folder, options, callback);
    else callback(null, []);
  }) as typeof readdir;

  readonly realpath = ((link: string, callback: (error: Error | null, target: string) => void) => {
    if (this.#isAllowed()) realpath(link, callback);
    else callback(new Error('too many'), link);
  }) as typeof realpath;

  #isAllowed(): boolean {
    if (++this.#read > MAX_FOLDERS) this.#controller.abort();
    return !this.signal.aborted;
  }
}

type OnEntries = (error: Error | null, entries: Dirent[]) => void;

/** A link to a folder leads to files that `**` finds once more. */
function distinctFiles(paths: readonly string[]): string[] {
  const first = new Map<string, string>();
  for (const file of paths.toSorted((a, b) => a.length - b.length)) {
    const target = realPathOf(file);
    if (!first.has(target)) first.set(target, file);
  }
  const kept = new Set(first.values());
  return paths.filter((file) => kept.has(file));
}

/** The path itself if it leads nowhere: reading the file will throw. */
function realPathOf(file: string): string {
  try {
    return realpathSync(file);
  } catch {
    return file;
  }
}

/** 0 if unknown: reading the file will throw. */
function sizeOf(file: string): number {
  try {
    return statSync(file).size;
  } catch {
    return 0;
  }
}

/**
 * Returns every file below a folder, by path. Links are followed. What several paths lead to is there once, by its own
 * path if that is in the folder. Files that pstat is still writing are left out. Throws PstatError (`unreadable`).
 */
async function findFolder(name: string): Promise<FoundFolder> {
  const search = new FolderSearch();
  await search.run({ path: name, real: realPath(name) });
  const sorted = search.files.toSorted((a, b) => compareCodePoints(a.path, b.path));
  // A report that was written beside the profiles that it holds would count them twice.
  const profiles = sorted.filter(({ path: file }) => !isReportName(file));
  const files = profiles.length === 0 ? sorted : profiles;
  return { kind: 'folder', name, files, others: { ...search.others, reports: sorted.length - files.length } };
}

/** Whether a path leads to a file that has the name of a report, which `requests` takes for a folder. */
export function isReportFile(file: string): boolean {
  return isReportName(file) && statOrNull(file)?.isFile() === true;
}

function isReportName(file: string): boolean {
  return /\.html(?:\.gz)?$/i.test(file);
}

interface Entry {
  readonly path: string;
  /** Without links. */
  readonly real: string;
}

class FolderSearch {
  readonly files: FoundFile[] = [];
  readonly others = { brokenLinks: 0, loops: 0, unreadableNames: 0, pipes: 0 };
  readonly #found = new Set<string>();
  readonly #folders: Entry[] = [];
  readonly #links: string[] = [];

  async run(root: Entry): Promise<void> {
    this.#folders.push(root);
    this.#found.add(root.real);
    for (;;) {
      const folder = this.#folders.pop();
      if (folder !== undefined) await this.#search(folder);
      else if (this.#links.length === 0) return;
      else for (const link of this.#links.splice(0).sort(compareCodePoints)) this.#follow(link, root);
    }
  }

  /** Links wait until there are no more folders, so that own paths are found first. */
  async #search(folder: Entry): Promise<void> {
    for (const entry of await readFolder(folder.path)) {
      if (isTemporaryName(entry.name) || entry.name === RUNS_FILE) continue;
      const file = path.join(folder.path, entry.name);
      if (entry.isSymbolicLink()) this.#links.push(file);
      else this.#add({ path: file, real: path.join(folder.real, entry.name) });
    }
  }

  /** A link to a folder above would have everything searched that is below that one. */
  #follow(link: string, root: Entry): void {
    if (statOrNull(link) === null) {
      this.others.brokenLinks++;
      return;
    }
    const real = realPath(link);
    if (`${root.real}${path.sep}`.startsWith(real.endsWith(path.sep) ? real : `${real}${path.sep}`))
      this.others.loops++;
    else if (!this.#found.has(real)) this.#add({ path: link, real });
  }

  #add(entry: Entry): void {
    this.#found.add(entry.real);
    const stats = statOrNull(entry.path);
    if (stats === null) this.others.unreadableNames++;
    else if (stats.isDirectory()) this.#folders.push(entry);
    else if (stats.isFile()) this.files.push({ path: entry.path, bytes: stats.size });
    else this.others.pipes++;
  }
}

function realPath(file: string): string {
  try {
    return realpathSync(file);
  } catch (error) {
    throw readErrorFor(file, error);
  }
}

async function readFolder(folder: string): Promise<Dirent[]> {
  try {
    return await promises.readdir(folder, { withFileTypes: true });
  } catch (error) {
    throw readErrorFor(folder, error);
  }
}

function statOrNull(file: string): FileStats | null {
  try {
    return statSync(file);
  } catch (error) {
    if (NO_FILE_CODES.has(errorCodeOf(error))) return null;
    throw readErrorFor(file, error);
  }
}

/** `ERR_INVALID_ARG_VALUE`: Node rejects a name with a zero byte. */
const NO_FILE_CODES: ReadonlySet<string | null> = new Set([
  'ENOENT',
  'ENOTDIR',
  'ENAMETOOLONG',
  'ELOOP',
  'ERR_INVALID_ARG_VALUE',
]);
