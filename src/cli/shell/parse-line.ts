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
 * `stats 20 > out.txt`, `>> out.txt`, `| less`. A sign is one behind a blank only, and outside of quotes: `<module>` and
 * `a|b` are regular expressions. A bar may stand alone, for the usual pager; a `>` that nothing follows is a regular
 * expression as well.
 */
export function withTarget(text: string): { readonly asked: string; readonly target: Target } {
  // What quotes hold together is no sign; it keeps its place.
  const bare = text.replace(/(?<=\s)(["'])(?:(?!\1).)*\1(?=\s|$)/g, (quoted) => 'q'.repeat(quoted.length));
  const bar = bare.search(/\s\|/);
  if (bar !== -1) return { asked: text.slice(0, bar), target: pagerOf(text.slice(bar + 2)) };
  const [, sign, name = ''] = /\s(>>?)\s*([^\s>]\S*)\s*$/.exec(bare) ?? [];
  if (sign === undefined) return { asked: text, target: { kind: 'screen' } };
  const start = bare.trimEnd().length - name.length;
  const [file = name] = quotedWords(text.slice(start));
  const asked = bare.slice(0, start).replace(/\s>>?\s*$/, '');
  return { asked: text.slice(0, asked.length), target: { kind: 'file', file, append: sign === '>>' } };
}

function pagerOf(text: string): Target {
  const command = pythonStripped(text);
  return { kind: 'pager', command: command === '' ? null : command };
}
