/**
 * Finds the text of a file that a profile names. A profile may come from anyone, so only files below given folders are
 * read, only regular ones, and none that is long.
 */

import { type Dirent, promises } from 'node:fs';
import path from 'node:path';
import { addTo, getOrInsert } from '../base/maps.ts';
import { errnoCodeOf } from '../base/system-error.ts';
import { decodeEscapes } from '../base/url.ts';
import { languageOf } from './tokens.ts';

/** Longer files are not written by people. */
const MAX_BYTES = 5_000_000;

/** What was found for a file of a profile. */
export type SourceText =
  | { readonly kind: 'text'; readonly text: string }
  /** No such file below the folders. */
  | { readonly kind: 'missing' }
  /** Several files that may be it. */
  | { readonly kind: 'ambiguous' }
  /** A folder, a device, a binary or a file of more than 5 MB. */
  | { readonly kind: 'unreadable' };

const MISSING: SourceText = { kind: 'missing' };
const UNREADABLE: SourceText = { kind: 'unreadable' };

export class SourceFolder {
  readonly #folders: readonly string[];
  readonly #first: readonly string[];
  readonly #texts = new Map<string, Promise<SourceText>>();
  /** folder -> base name -> files of that name below it */
  readonly #files = new Map<string, Promise<ReadonlyMap<string, readonly string[]>>>();

  /**
   * All paths are absolute.
   *
   * @param named folders where sources are looked for first
   * @param current the working directory
   */
  constructor(named: readonly string[], current: string) {
    this.#first = named;
    this.#folders = [...named, current];
  }

  /** @param file as the profile names it: a path or a URL */
  read(file: string): Promise<SourceText> {
    return getOrInsert(this.#texts, file, () => this.#find(file));
  }

  async #find(file: string): Promise<SourceText> {
    const name = pathOf(file);
    if (name === null) return MISSING;
    if (path.isAbsolute(name)) {
      const asWritten = await this.#readBelow(name);
      if (asWritten.kind !== 'missing') return asWritten;
    }
    const candidates = await this.#longestSuffix(name, this.#first);
    const [suffix, ...others] = candidates.length > 0 ? candidates : await this.#longestSuffix(name, this.#folders);
    if (suffix === undefined) return MISSING;
    return others.length > 0 ? { kind: 'ambiguous' } : this.#readBelow(suffix);
  }

  /** Returns the files with the most last parts of the path in common. */
  async #longestSuffix(name: string, folders: readonly string[]): Promise<readonly string[]> {
    const parts = name.split(/[\\/]/).filter((part) => part !== '');
    const byName = await Promise.all(folders.map((folder) => this.#filesBelow(folder)));
    const candidates = [...new Set(byName.flatMap((files) => files.get(parts.at(-1) ?? '') ?? []))];
    const scored = candidates.map((candidate) => ({ candidate, score: commonParts(candidate.split(path.sep), parts) }));
    const best = scored.reduce((most, { score }) => Math.max(most, score), 0);
    return scored.filter(({ score }) => score === best).map(({ candidate }) => candidate);
  }

  #filesBelow(folder: string): Promise<ReadonlyMap<string, readonly string[]>> {
    return getOrInsert(this.#files, folder, () => listFiles(folder));
  }

  /** Resolves links first: one may lead out of the folders. */
  async #readBelow(file: string): Promise<SourceText> {
    try {
      const real = await promises.realpath(file);
      const folders = await Promise.all(this.#folders.map((folder) => promises.realpath(folder)));
      if (!folders.some((folder) => isBelow(real, folder))) return MISSING;
      return await readText(real);
    } catch (error) {
      if (errnoCodeOf(error) === null) throw error;
      return MISSING;
    }
  }
}

/** Opens without waiting for a writer, so that a pipe that takes the place of a file cannot make pstat hang. */
async function readText(file: string): Promise<SourceText> {
  const { O_RDONLY, O_NONBLOCK } = promises.constants;
  const handle = await promises.open(file, O_RDONLY | O_NONBLOCK);
  try {
    const stats = await handle.stat();
    if (!stats.isFile() || stats.size > MAX_BYTES) return UNREADABLE;
    const bytes = await handle.readFile();
    return bytes.includes(0) ? UNREADABLE : { kind: 'text', text: bytes.toString('utf8').replace(/^\ufeff/, '') };
  } finally {
    await handle.close();
  }
}

/** Folders that are searched below each given one, the nearest first: pstat may be started in `/`. */
const MAX_FOLDERS = 10_000;

/** Does not follow links, and skips hidden folders and node_modules. */
async function listFiles(folder: string): Promise<ReadonlyMap<string, readonly string[]>> {
  const byName = new Map<string, string[]>();
  const folders = [folder];
  for (let i = 0; i < Math.min(folders.length, MAX_FOLDERS); i++) {
    const current = folders[i] ?? '';
    for (const entry of await entriesOf(current)) {
      if (entry.isDirectory() && !entry.name.startsWith('.') && entry.name !== 'node_modules') {
        folders.push(path.join(current, entry.name));
      } else if (entry.isFile() && languageOf(entry.name) !== null) {
        addTo(byName, entry.name, path.join(current, entry.name));
      }
    }
  }
  return byName;
}

/** Returns nothing for a folder that cannot be read. */
async function entriesOf(folder: string): Promise<readonly Dirent[]> {
  try {
    return await promises.readdir(folder, { withFileTypes: true });
  } catch (error) {
    if (errnoCodeOf(error) === null) throw error;
    return [];
  }
}

function commonParts(a: readonly string[], b: readonly string[]): number {
  let count = 0;
  while (count < a.length && count < b.length && a.at(-1 - count) === b.at(-1 - count)) count++;
  return count;
}

function isBelow(file: string, folder: string): boolean {
  const relative = path.relative(folder, file);
  return relative !== '' && !relative.startsWith('..') && !path.isAbsolute(relative);
}

/** The path of a file or URL; null for `node:fs` and other addresses that are no files. */
function pathOf(file: string): string | null {
  if (/^(?:node|internal|ext|bun|deno|data|wasm|evalmachine)[:./]/.test(file) || file.startsWith('<')) return null;
  const address = file.replace(/^[a-z][a-z-]+:\/\/[^/]*/i, '').replace(/[?#].*$/s, '');
  const name = file.includes('://') ? decodeEscapes(address) : file;
  // No file has a zero in its name, and Node throws.
  return name.includes('\0') ? null : name;
}
