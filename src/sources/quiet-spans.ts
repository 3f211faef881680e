/** What of a source is shown less strongly, so that names and calls stand out: comments, strings and keywords. */

import { addTo } from '../base/maps.ts';
import type { TextSpan } from '../base/text.ts';
import { at } from '../model/columns.ts';
import { type Language, LINE_BREAK, type Token } from './tokens.ts';

const JS_KEYWORDS =
  'as async await break case catch class const continue debugger default delete do else enum export extends finally for from function get if implements import in instanceof interface let new of private protected public readonly return satisfies set static super switch this throw try type typeof var void while with yield true false null undefined';

const PYTHON_KEYWORDS =
  'and as assert async await break class continue def del elif else except finally for from global if import in is lambda nonlocal not or pass raise return try while with yield True False None';

const KEYWORDS: Readonly<Record<Language, ReadonlySet<string>>> = {
  js: new Set(JS_KEYWORDS.split(' ')),
  python: new Set(PYTHON_KEYWORDS.split(' ')),
};

/** Words that are names where something is called or assigned by them: `get(key)`, `type = 1`. */
const CONTEXTUAL: ReadonlySet<string> = new Set(['as', 'async', 'enum', 'from', 'get', 'of', 'set', 'type']);

/** line -> its spans, in order. @param tokens of the whole source */
export function quietSpans(tokens: readonly Token[], language: Language): ReadonlyMap<number, readonly TextSpan[]> {
  const spans = new Map<number, TextSpan[]>();
  for (const [i, token] of tokens.entries()) {
    const isQuiet = token.kind === 'comment' || token.kind === 'string' || isKeyword(tokens, i, KEYWORDS[language]);
    if (isQuiet) addSpans(spans, token);
  }
  return spans;
}

function isKeyword(tokens: readonly Token[], i: number, keywords: ReadonlySet<string>): boolean {
  const { kind, text } = at(tokens, i);
  if (kind !== 'name' || !keywords.has(text)) return false;
  // A property, as in `map.delete(key)` and `{ default: 1 }`.
  if (['.', '?.'].includes(tokens[i - 1]?.text ?? '') || tokens[i + 1]?.text === ':') return false;
  return !CONTEXTUAL.has(text) || tokens[i + 1]?.kind === 'name';
}

/** A comment or a string may have several lines. */
function addSpans(spans: Map<number, TextSpan[]>, { text, line, column }: Token): void {
  text.split(LINE_BREAK).forEach((part, i) => {
    const start = i === 0 ? column - 1 : 0;
    addTo(spans, line + i, { start, end: start + part.length });
  });
}
