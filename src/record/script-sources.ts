/** What a profile keeps of the scripts that ran, under `pstat.scripts`. Runs in pstat's own process or thread. */

import { realpathSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { readEnd } from './read-end.ts';
import type { ListedScript } from './script-list.ts';

type WrittenScript = Pick<ListedScript, 'url' | 'source'> & { readonly sourceMap?: RawMap };

/** A source map, not checked. */
type RawMap = { readonly [key: string]: unknown };

/** Characters of all maps and texts: pstat reads profiles in parts of up to 16 MB. */
const MAX_LENGTH = 8 * 2 ** 20;

/** The scripts of a thread, of which several profiles may be written: reads each map once. */
export class ScriptSources {
  readonly #scripts: ReadonlyMap<string, ListedScript>;
  readonly #written = new Map<string, { readonly script: WrittenScript; readonly length: number } | null>();

  constructor(scripts: readonly ListedScript[]) {
    this.#scripts = new Map(withoutConflicts(scripts).map((script) => [script.url, script]));
  }

  /**
   * Returns the maps of the scripts that have samples and no map on the disk; of all scripts with samples, and their texts,
   * if texts were listed. Never throws.
   *
   * @param urls the scripts that have samples
   */
  select(urls: ReadonlySet<string>): WrittenScript[] {
    let length = 0;
    return [...this.#scripts.values()].flatMap((script) => {
      const written = urls.has(script.url) ? this.#write(script) : null;
      if (written === null || length + written.length > MAX_LENGTH) return [];
      length += written.length;
      return [written.script];
    });
  }

  #write(script: ListedScript) {
    const known = this.#written.get(script.url);
    if (known !== undefined) return known;
    const content = writtenScript(script);
    const written = content && { script: content, length: JSON.stringify(content).length };
    this.#written.set(script.url, written);
    return written;
  }
}

/** Call frames name scripts by URL: different scripts of one URL cannot be distinguished, so none of them is kept. */
function withoutConflicts(scripts: readonly ListedScript[]): ListedScript[] {
  const byUrl = new Map<string, ListedScript | null>();
  for (const script of scripts) {
    const known = byUrl.get(script.url);
    const isSame =
      known === undefined || (known?.sourceMapURL === script.sourceMapURL && known.source === script.source);
    byUrl.set(script.url, isSame ? script : null);
  }
  return [...byUrl.values()].filter((script) => script !== null);
}

function writtenScript({ url, sourceMapURL, source }: ListedScript): WrittenScript | null {
  const isWanted = source !== undefined || (sourceMapURL.startsWith('data:') && !isInFile(url, sourceMapURL));
  const sourceMap = isWanted ? readMap(url, sourceMapURL, source !== undefined) : null;
  if (sourceMap === null && source === undefined) return null;
  return { url, ...(sourceMap === null ? {} : { sourceMap }), ...(source === undefined ? {} : { source }) };
}

/** Returns the fields that a reader uses, the texts of sources only with the script's own. Null if there is no map. */
function readMap(url: string, sourceMapURL: string, withTexts: boolean): RawMap | null {
  try {
    const text = sourceMapURL.startsWith('data:') ? decodeDataUrl(sourceMapURL) : readMapFile(url, sourceMapURL);
    const map: unknown = text === null ? null : JSON.parse(text);
    if (typeof map !== 'object' || map === null) return null;
    const { version, sources, sourceRoot, names, mappings, sections, sourcesContent } = map as Record<string, unknown>;
    const kept = { version, sources, sourceRoot, names, mappings, sections };
    if (!withTexts) return kept;
    if (!Array.isArray(sources)) return { ...kept, sourcesContent };
    const texts: readonly unknown[] = Array.isArray(sourcesContent) ? sourcesContent : [];
    const folder = sourceFolder(url, sourceMapURL, sourceRoot);
    return { ...kept, sourcesContent: sources.map((source, i) => texts[i] ?? readOriginal(folder, source)) };
  } catch {
    return null; // no JSON, or no map
  }
}

/** The folder that sources of a map are relative to; null if the script or the map is no file. */
function sourceFolder(url: string, sourceMapURL: string, sourceRoot: unknown): string | null {
  const script = pathOf(url);
  const map = sourceMapURL.startsWith('data:') ? '' : sourceMapURL.replace(/[?#].*$/s, '');
  const root = typeof sourceRoot === 'string' ? sourceRoot : '';
  if (script === null || hasScheme(map) || hasScheme(root)) return null;
  return path.resolve(path.dirname(script), path.dirname(decodeURIComponent(map)), root);
}

function hasScheme(url: string): boolean {
  return /^[a-z][a-z\d+.-]+:/i.test(url);
}

/**
 * Returns the text of a source, which TypeScript's compiler leaves out of its maps: on another machine nothing else has it.
 * Null for what is no source, or not below the working directory: a map may name any file.
 */
function readOriginal(folder: string | null, source: unknown): string | null {
  if (folder === null || typeof source !== 'string' || hasScheme(source) || !SOURCE_NAME.test(source)) return null;
  try {
    const file = realpathSync(path.resolve(folder, decodeURIComponent(source)));
    const isBelow = file.startsWith(path.join(realpathSync('.'), path.sep));
    return isBelow && SOURCE_NAME.test(file) ? readEnd(file, MAX_LENGTH) : null;
  } catch {
    return null;
  }
}

const SOURCE_NAME = /\.(?:[cm]?[jt]sx?|vue|svelte|astro|coffee)$/i;

function decodeDataUrl(url: string): string | null {
  const comma = url.indexOf(',');
  const [type, data] = [url.slice(0, comma), url.slice(comma + 1)];
  if (comma < 0 || !/^data:application\/json\b/.test(type)) return null;
  return type.endsWith(';base64') ? Buffer.from(data, 'base64').toString() : decodeURIComponent(data);
}

/** Reads a map that is a file, relative to its script. Nothing is read from the network. */
function readMapFile(url: string, sourceMapURL: string): string | null {
  const script = pathOf(url);
  if (script === null || sourceMapURL === '' || /^(?:[a-z][a-z\d+.-]*:|[\\/])/i.test(sourceMapURL)) return null;
  const name = decodeURIComponent(sourceMapURL.replace(/[?#].*$/s, ''));
  return readEnd(path.resolve(path.dirname(script), name), MAX_LENGTH);
}

/** Whether a script's own file holds the map, so that a reader finds it there. */
function isInFile(url: string, sourceMapURL: string): boolean {
  const file = pathOf(url);
  return file !== null && readEnd(file, 2 * END_LENGTH)?.includes(sourceMapURL.slice(-END_LENGTH)) === true;
}

/** Enough to tell one map from another. */
const END_LENGTH = 200;

function pathOf(url: string): string | null {
  if (!url.startsWith('file:')) return path.isAbsolute(url) ? url : null;
  try {
    return fileURLToPath(url.replace(/[?#].*$/s, ''));
  } catch {
    return null;
  }
}
