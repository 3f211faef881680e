/** Applies the source maps of a profile's files: those that the user names, those in the profile, and those on the disk. */

import { getOrInsert } from '../base/maps.ts';
import type { FunctionIndex, FunctionTable } from '../model/function-table.ts';
import type { GeneratedBecause, ProfileNote } from '../model/notes.ts';
import type { Profile, StacksProfile } from '../model/profile.ts';
import type { Script } from '../model/raw-profile.ts';
import { isDense, isEvaluated, isMoved, needsTranspiling } from '../sources/transpiled.ts';
import { type FoundMap, findMapOf, type NoMap } from './generated-files.ts';
import { NamedMap } from './named-map.ts';
import { isOutside, readSource, type SourceFile, SourceFolders, writtenAt } from './source-folders.ts';

export interface SourceMapOptions {
  /**
   * A source map, or a folder of generated files and maps, to be used before others.
   * @default null
   */
  readonly named?: string | null;
  /**
   * Folders, besides the working directory, below which generated files and maps are read.
   * @default []
   */
  readonly sourcePath?: readonly string[];
  /**
   * Files, as profiles name them, that are not mapped.
   * @default none
   */
  readonly except?: ReadonlySet<string>;
}

type Sources = typeof import('../sources/apply-source-maps.ts');
type MappedFile = import('../sources/apply-source-maps.ts').MappedFile;
type MappedFunctions = import('../sources/apply-source-maps.ts').MappedFunctions;
type UnusableMap = import('../sources/map-parts.ts').UnusableMap;

/** A map that was found. It is parsed at its first use, which releases its text. */
class LazyMap {
  readonly generated: SourceFile | null;
  /** For messages; null for a map in a profile. */
  readonly path: string | null;
  #state: { readonly found: FoundMap } | { readonly read: MappedFile | UnusableMap };

  constructor(found: FoundMap) {
    this.generated = found.generated;
    this.path = found.path;
    this.#state = { found };
  }

  read(file: string, { readMappedFile }: Sources): MappedFile | UnusableMap {
    const read = 'read' in this.#state ? this.#state.read : readMappedFile(this.#state.found, file);
    this.#state = { read };
    return read;
  }
}

/** What a generated file on the disk is compared with. */
interface Run {
  readonly table: FunctionTable;
  /** When the recording ended, in ms since 1970. */
  readonly recorded: number;
  readonly sources: Sources;
}

/** Applies source maps to profiles one by one, and reads each file once. */
export class SourceMaps {
  readonly #named: NamedMap | null;
  readonly #folders: SourceFolders;
  readonly #except: ReadonlySet<string>;
  /** file as profiles name it -> its map where the user says, and its map on the disk; null for none */
  readonly #inNamed = new Map<string, LazyMap | NoMap | null>();
  readonly #onDisk = new Map<string, LazyMap | NoMap | null>();
  /** Why maps are not used -> the files */
  readonly #unused = new Map<GeneratedBecause, Set<string>>();
  readonly #transpiled = new Set<string>();

  /** Throws PstatError (`unreadable`) if the named file or folder does not exist. */
  constructor({ named = null, sourcePath = [], except = new Set() }: SourceMapOptions = {}) {
    this.#named = named === null ? null : new NamedMap(named);
    this.#folders = new SourceFolders(['.', ...sourcePath]);
    this.#except = except;
  }

  /** What is not at its original place. Complete after the last profile. */
  get notes(): ProfileNote[] {
    const transpiled = [...this.#transpiled];
    return [
      ...[...this.#unused].map(
        ([because, files]) => ({ code: 'generated-places', because, files: [...files] }) as const,
      ),
      ...(transpiled.length === 0 ? [] : [{ code: 'transpiled-places', files: transpiled } as const]),
      ...(this.#named?.isUnused === true ? [{ code: 'unused-source-map' } as const] : []),
    ];
  }

  /** Returns the profile with original places, as far as they are known. */
  async apply(profile: Profile): Promise<Profile> {
    // Lines are executing lines in runtimes that apply source maps themselves.
    if (!('callTree' in profile) || profile.linesAreSampled) return profile;
    const scripts = new Map(profile.scripts?.map((script) => [script.url, script]));
    const usable: MappedFunctions[] = [];
    const table = profile.functions;
    const recorded = recordingEnd(profile);
    let sources: Sources | null = null;
    // File by file, so that few texts are in memory at a time.
    for (const { file, functions } of functionsByFile(table, (file) => scripts.has(file) || isLocation(file))) {
      const map = this.#except.has(file) ? null : this.#find(file, scripts.get(file));
      if (map === null) {
        this.#leave(file, table, functions);
        continue;
      }
      if ('problem' in map) {
        this.#noteUnused(map.problem, map.path);
        continue;
      }
      sources ??= await import('../sources/apply-source-maps.ts');
      const read = map.read(file, sources);
      if (typeof read === 'string') {
        this.#noteUnused(read, map.path ?? file);
        continue;
      }
      const mapped = { file, functions, ...read };
      if (this.#isOfRun(map, mapped, { table, recorded, sources })) usable.push(mapped);
    }
    return sources === null || usable.length === 0 ? profile : sources.applySourceMaps(profile, usable);
  }

  #find(file: string, script: Script | undefined): LazyMap | NoMap | null {
    const named = findOnce(this.#inNamed, file, () => this.#named?.find(file) ?? null);
    if (named !== null) return named;
    if (script !== undefined && script.sourceMap !== null) {
      return new LazyMap({ path: null, json: script.sourceMap, url: '', text: script.source, generated: null });
    }
    return isDependency(file) ? null : findOnce(this.#onDisk, file, () => this.#findOnDisk(file));
  }

  #findOnDisk(file: string): FoundMap | NoMap | null {
    const generated = this.#folders.find(file);
    if (generated === null || !isOutside(generated)) return generated && findMapOf(generated, this.#folders);
    // It is not read, so only its folder tells whether it has a map.
    const map = this.#folders.check(`${generated.path}.map`);
    return map !== null && isOutside(map) ? map : null;
  }

  #noteUnused(because: GeneratedBecause, file: string): void {
    getOrInsert(this.#unused, because, () => new Set<string>()).add(file);
  }

  /** A map on the disk is used only if the generated file beside it is the one that ran. */
  #isOfRun({ generated }: LazyMap, { text, functions }: MappedFunctions, run: Run): boolean {
    if (generated === null || text === null) return true;
    const isRebuilt = !run.sources.isCodeThatRan(run.table, functions, text);
    if (!isRebuilt && (this.#named !== null || generated.modified <= run.recorded)) return true;
    this.#noteUnused(isRebuilt ? 'rebuilt' : 'newer', generated.path);
    return false;
  }

  /** Notes a file without a map if its places are not those of a source. */
  #leave(file: string, functions: FunctionTable, ofFile: readonly FunctionIndex[]): void {
    if (isDependency(file) || this.#transpiled.has(file) || this.#transpiled.size >= MAX_TRANSPILED) return;
    if (
      isEvaluated(file) ||
      isDense(functions, ofFile) ||
      (needsTranspiling(file) && this.#isMoved(file, functions, ofFile))
    )
      this.#transpiled.add(file);
  }

  #isMoved(file: string, functions: FunctionTable, ofFile: readonly FunctionIndex[]): boolean {
    const found = this.#folders.find(file);
    const text = found === null || 'problem' in found ? null : readSource(found);
    return text !== null && isMoved(functions, ofFile, text);
  }
}

type NotedMap = LazyMap | NoMap | null;

function findOnce(maps: Map<string, NotedMap>, file: string, find: () => FoundMap | NoMap | null): NotedMap {
  return getOrInsert(maps, file, () => {
    const found = find();
    return found === null || 'problem' in found ? found : new LazyMap(found);
  });
}

/** In the note on transpiled code. */
const MAX_TRANSPILED = 50;

/** The files that may be generated, with their functions. */
function functionsByFile(
  functions: FunctionTable,
  mayBeGenerated: (file: string) => boolean,
): { file: string; functions: FunctionIndex[] }[] {
  const files = new Map<string, FunctionIndex[]>();
  const { kind, line, generated } = functions;
  for (let fn = 0; fn < functions.length; fn++) {
    const file = functions.file[fn] ?? '';
    if (kind[fn] !== 'js' || line[fn] === 0 || generated?.[fn] != null) continue;
    const known = files.get(file);
    if (known !== undefined) known.push(fn);
    else if (mayBeGenerated(file)) files.set(file, [fn]);
  }
  return [...files].map(([file, ofFile]) => ({ file, functions: ofFile }));
}

/** Whether a file is an absolute path, a URL that a path can be made of, or a module that webpack evaluates. */
function isLocation(file: string): boolean {
  return /^(?:[\\/]|[A-Za-z]:[\\/]|(?:file|https?|webpack-internal):\/\/)/.test(file);
}

/** The files of dependencies are what is installed, so their places are left as they are; so do debuggers by default. */
function isDependency(file: string): boolean {
  return /[\\/]node_modules[\\/]/.test(file);
}

/** When the recording ended, in ms since 1970, or when its file was written; Infinity if neither is known. */
function recordingEnd({ run, request, sources: [source = ''] }: StacksProfile): number {
  const { start = null, elapsed = null } = run ?? request ?? {};
  return start === null || elapsed === null ? (writtenAt(source) ?? Number.POSITIVE_INFINITY) : start + elapsed / 1000;
}
