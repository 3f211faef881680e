/** Parses a line of the shell as Python's `cmd.parseline` does. https://docs.python.org/3/library/cmd.html */

import { splitWords, stripBlanks } from '../../pstats/python-text.ts';
import { parseRestriction, type Restriction } from '../../pstats/restrictions.ts';

export interface CommandLine {
  /** The command: the letters at the start of the line. Null if the line cannot hold one. */
  readonly word: string | null;
  readonly rest: string;
  /** The line without blanks around it, a leading `?` replaced by `help`. Empty for an empty line. */
  readonly line: string;
}

export function parseCommandLine(text: string): CommandLine {
  const stripped = stripBlanks(text);
  if (stripped === '' || stripped.startsWith('!')) return { word: null, rest: '', line: stripped };
  const line = stripped.startsWith('?') ? `help ${stripped.slice(1)}` : stripped;
  const [word = ''] = /^\w*/.exec(line) ?? [];
  return { word, rest: stripBlanks(line.slice(word.length)), line };
}

export interface RestrictionWords {
  readonly restrictions: readonly Restriction[];
  /** One for each argument that was dropped. */
  readonly messages: readonly string[];
}

/** Parses each word as a number, a fraction or a regular expression; a fraction outside [0, 1] is dropped. */
export function parseRestrictions(text: string): RestrictionWords {
  const all = splitWords(text).map(parseRestriction);
  const isDropped = (each: Restriction) => each.kind === 'fraction' && (each.fraction > 1 || each.fraction < 0);
  return {
    restrictions: all.filter((each) => !isDropped(each)),
    messages: all.filter(isDropped).map(() => 'Fraction argument must be in [0, 1]'),
  };
}

/** Splits at blanks outside of quotes. */
export function splitQuotedWords(text: string): string[] {
  return [...text.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map(
    ([, double, single, bare]) => double ?? single ?? bare ?? '',
  );
}

// ---- redirection ---------------------------------------------------------------------------------------------------

export type Target =
  | { readonly kind: 'screen' }
  | { readonly kind: 'file'; readonly file: string; readonly append: boolean }
  /** A command of the system's shell; null for $PAGER or less. */
  | { readonly kind: 'pager'; readonly command: string | null };

/**
 * Splits `stats 20 > out.txt`, `>> out.txt` and `| less` into the command and its target. A sign counts only after a blank
 * and outside of quotes, because `<module>` and `a|b` are regular expressions. A lone bar means the default pager; a
 * `>` at the end of the line is a regular expression.
 */
export function parseTarget(text: string): { readonly command: string; readonly target: Target } {
  // Masks quoted text and keeps its length.
  const bare = text.replace(/(?<=\s)(["'])(?:(?!\1).)*\1(?=\s|$)/g, (quoted) => 'q'.repeat(quoted.length));
  const bar = bare.search(/\s\|/);
  if (bar !== -1) return { command: text.slice(0, bar), target: parsePager(text.slice(bar + 2)) };
  const [, sign, name = ''] = /\s(>>?)\s*([^\s>]\S*)\s*$/.exec(bare) ?? [];
  if (sign === undefined) return { command: text, target: { kind: 'screen' } };
  const start = bare.trimEnd().length - name.length;
  const [file = name] = splitQuotedWords(text.slice(start));
  const command = bare.slice(0, start).replace(/\s>>?\s*$/, '');
  return { command: text.slice(0, command.length), target: { kind: 'file', file, append: sign === '>>' } };
}

function parsePager(text: string): Target {
  const command = stripBlanks(text);
  return { kind: 'pager', command: command === '' ? null : command };
}
