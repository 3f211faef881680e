/** The source map, or the folder of maps, that the user names. */

import path from 'node:path';
import { type FoundMap, findMapOf, type NoMap, readMap } from './generated-files.ts';
import { isFolder, isOutside, SourceFolders } from './source-folders.ts';

export class NamedMap {
  readonly #named: string;
  readonly #isFolder: boolean;
  readonly #folders: SourceFolders;
  /** Whether no file had a map there. */
  isUnused = true;

  /** Throws PstatError (`unreadable`) if there is no such file or folder. */
  constructor(named: string) {
    this.#named = named;
    this.#isFolder = isFolder(named);
    this.#folders = new SourceFolders([this.#isFolder ? named : path.dirname(named)]);
  }

  /** Returns the map of a file, as a profile names it, or why it is not used; null if there is none. */
  find(file: string): FoundMap | NoMap | null {
    const found = this.#isFolder ? this.#inFolder(file) : this.#inFile(file);
    this.isUnused &&= found === null;
    return found;
  }

  #inFolder(file: string): FoundMap | NoMap | null {
    const generated = this.#folders.find(file);
    const beside = generated === null || isOutside(generated) ? null : findMapOf(generated, this.#folders);
    if (beside !== null && !('problem' in beside)) return beside;
    const map = this.#folders.find(`${withoutQuery(file)}.map`);
    if (map !== null && !isOutside(map)) return readMap(map);
    return beside?.problem === 'missing' ? null : beside;
  }

  /** `dist/app.js.map` is the map of any `app.js`; the folders may have other names on the machine of the recording. */
  #inFile(file: string): FoundMap | NoMap | null {
    const map = this.#folders.check(this.#named);
    const name = path.basename(this.#named).replace(/\.map$/, '');
    if (map === null || path.posix.basename(withoutQuery(file).replaceAll('\\', '/')) !== name) return null;
    const generated = this.#folders.check(path.join(path.dirname(this.#named), name));
    const beside = generated === null ? null : findMapOf(generated, this.#folders);
    return beside?.path === map.path ? beside : readMap(map);
  }
}

function withoutQuery(file: string): string {
  return file.replace(/[?#].*$/s, '');
}
