/** A line of the shell, taken apart as Python's `cmd` takes it apart. */

import { pythonStripped, pythonWords } from '../../pstats/python-text.ts';
import { parseRestriction, type Restriction } from '../../pstats/restrictions.ts';

export interface CommandLine {
  /** The letters that the line begins with: the command. Null where none can be meant. */
  readonly word: string | null;
  readonly rest: string;
  /** Without blanks around it, `?` written out. Empty for an empty line. */
  readonly line: string;
}

export function commandLine(text: string): CommandLine {
  const stripped = pythonStripped(text);
  if (stripped === '' || stripped.startsWith('!')) return { word: null, rest: '', line: stripped };
  const line = stripped.startsWith('?') ? `help ${stripped.slice(1)}` : stripped;
  const [word = ''] = /^\w*/.exec(line) ?? [];
  return { word, rest: pythonStripped(line.slice(word.length)), line };
}

export interface RestrictionWords {
  readonly restrictions: readonly Restriction[];
  /** A line for each word that was dropped. */
  readonly messages: readonly string[];
}

/** Each word a number, a share or a regular expression; a share over one or under zero is dropped. */
export function restrictionWords(text: string): RestrictionWords {
  const all = pythonWords(text).map(parseRestriction);
  const isDropped = (each: Restriction) => each.kind === 'fraction' && (each.fraction > 1 || each.fraction < 0);
  return {
    restrictions: all.filter((each) => !isDropped(each)),
    messages: all.filter(isDropped).map(() => 'Fraction argument must be in [0, 1]'),
  };
}

/** Words with blanks between them; quotes hold one together, as in a shell. */
export function quotedWords(text: string): string[] {
  return [...text.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map(
    ([, double, single, bare]) => double ?? single ?? bare ?? '',
  );
}

// ---- where the answer goes -----------------------------------------------------------------------------------------

export type Target =
  | { readonly kind: 'screen' }
  | { readonly kind: 'file'; readonly file: string; readonly append: boolean }
  /** A command of the system's shell; null for the usual pager. */
  | { readonly kind: 'pager'; readonly command: string | null };

/**
 * `stats 20 > out.txt`, `>> out.txt`, `| less`. Only a blank before the sign makes it one: `<module>` and `a|b` are
 * regular expressions. A sign that nothing follows is one too, but for the bar.
 */
export function withTarget(text: string): { readonly asked: string; readonly target: Target } {
  const piped = /^(.*?)\s\|(?:\s+(.*?))?\s*$/s.exec(text);
  if (piped !== null) return { asked: piped[1] ?? '', target: { kind: 'pager', command: piped[2] || null } };
  const [, asked, sign, name] = /^(.*?)\s(>>?)\s*("[^"]+"|'[^']+'|[^\s"'>][^\s]*)\s*$/s.exec(text) ?? [];
  if (asked === undefined || name === undefined) return { asked: text, target: { kind: 'screen' } };
  const [file = name] = quotedWords(name);
  return { asked, target: { kind: 'file', file, append: sign === '>>' } };
}
