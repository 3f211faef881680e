/** The source map, or the folder of maps, that the user names. */

import path from 'node:path';
import { type FoundMap, findMapOf, readMap } from './generated-files.ts';
import { isFolder, SourceFolders } from './source-folders.ts';

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

  /** Returns the map of a file, as a profile names it; null if there is none. */
  find(file: string): FoundMap | null {
    const found = this.#isFolder ? this.#inFolder(file) : this.#inFile(file);
    this.isUnused &&= found === null;
    return found;
  }

  #inFolder(file: string): FoundMap | null {
    const generated = this.#folders.find(file);
    const beside = generated === null ? null : findMapOf(generated, this.#folders);
    if (beside !== null) return beside;
    const map = this.#folders.find(`${withoutQuery(file)}.map`);
    return map === null ? null : { ...readMap(map), url: '', text: null, generated: null };
  }

  /** `dist/app.js.map` is the map of any `app.js`; the folders may have other names on the machine of the recording. */
  #inFile(file: string): FoundMap | null {
    const map = this.#folders.check(this.#named);
    const name = path.basename(this.#named).replace(/\.map$/, '');
    if (map === null || path.posix.basename(withoutQuery(file).replaceAll('\\', '/')) !== name) return null;
    const generated = this.#folders.check(path.join(path.dirname(this.#named), name));
    const beside = generated === null ? null : findMapOf(generated, this.#folders);
    if (beside?.path === map.path) return beside;
    return { ...readMap(map), url: '', text: null, generated: null };
  }
}

function withoutQuery(file: string): string {
  return file.replace(/[?#].*$/s, '');
}
