/** Which functions a diff touches: those with a changed line among their own tokens, comments and inner functions apart. */

import { decodeFileUrl } from '../base/url.ts';
import type { FunctionInfo } from '../model/function-table.ts';
import type { ChangedLines } from './changed-lines.ts';
import { SourceCode } from './source-code.ts';
import { languageOf } from './tokens.ts';

/** file, as the diff names it -> its text */
export type Texts = ReadonlyMap<string, string>;

interface ChangedFile {
  readonly file: string;
  readonly lines: ReadonlySet<number>;
  readonly code: SourceCode;
}

export class EditedFunctions {
  readonly #before: ChangedFiles;
  readonly #after: ChangedFiles;

  constructor({ before, after }: ChangedLines, texts: { readonly before: Texts; readonly after: Texts }) {
    this.#before = new ChangedFiles(before, texts.before);
    this.#after = new ChangedFiles(after, texts.after);
  }

  /** Whether the diff touches a function as it is on either side; null where a side does not have it. */
  has(before: FunctionInfo | null, after: FunctionInfo | null): boolean {
    return (before !== null && this.#before.touch(before)) || (after !== null && this.#after.touch(after));
  }
}

/** The changed files of one side. */
class ChangedFiles {
  /** last part of the name -> files */
  readonly #files = new Map<string, ChangedFile[]>();

  constructor(changed: ChangedLines['before'], texts: Texts) {
    for (const [file, lines] of changed) {
      const [language, text] = [languageOf(file), texts.get(file)];
      if (language === null || text === undefined) continue;
      const name = baseName(file);
      const namesakes = this.#files.get(name) ?? [];
      this.#files.set(name, [...namesakes, { file, lines, code: new SourceCode(text, language, file) }]);
    }
  }

  touch({ name, file, line, column, generated }: FunctionInfo): boolean {
    const changed = this.#find(decodeFileUrl(file).replaceAll('\\', '/'));
    if (changed === null) return false;
    const isMapped = generated !== undefined && generated !== null;
    const body = changed.code.findFunction({ name, line, column, isMapped });
    return body?.tokens.some((token) => changed.lines.has(token.line)) ?? false;
  }

  /** A profile may name files from another folder than the diff does; the longest name fits best. */
  #find(path: string): ChangedFile | null {
    const candidates = (this.#files.get(baseName(path)) ?? []).filter(
      ({ file }) => path === file || path.endsWith(`/${file}`),
    );
    return candidates.sort((a, b) => b.file.length - a.file.length)[0] ?? null;
  }
}

function baseName(file: string): string {
  return file.slice(file.lastIndexOf('/') + 1);
}
