/** Which functions a search finds: as PATTERN of the command line, a part of the text, or a /regular expression/. */

import { getOrInsert } from '../base/maps.ts';
import { splitRegularExpression } from '../base/regular-expression.ts';
import { at } from '../model/columns.ts';
import type { PageData } from './data.ts';

type Named = Pick<PageData, 'functions' | 'texts'>;

/** FunctionIndex -> whether the search finds it; null as `searchTest`. */
export function functionTest(search: string, named: Named): ((fn: number) => boolean) | null {
  const test = searchTest(search);
  if (test === null) return null;
  const found = new Map<number, boolean>();
  return (fn) => getOrInsert(found, fn, () => textsOf(named, fn).some(test));
}

/** `file:line(name)`, as written and as shown; the name alone of what is in no file. */
function textsOf(named: Named, fn: number): readonly string[] {
  const { file, line, name } = named.functions;
  const written = at(file, fn) === '' ? at(named.texts.label, fn) : `${at(file, fn)}:${at(line, fn)}(${at(name, fn)})`;
  return [written, patternOf(named, fn)];
}

/** What to write to mean a function: its place and name as shown. */
export function patternOf({ texts: { label, place } }: Named, fn: number): string {
  return at(place, fn) === '' ? at(label, fn) : `${at(place, fn)}(${at(label, fn)})`;
}

/** Returns a test of a text; null for an empty search, and for a regular expression that is not valid. */
export function searchTest(search: string): ((text: string) => boolean) | null {
  if (search === '') return null;
  const parts = splitRegularExpression(search);
  if (parts === null) return (text) => text.includes(search);
  try {
    const expression = new RegExp(parts.source, parts.flags);
    // `search` ignores lastIndex, also with the flags g and y.
    return (text) => text.search(expression) !== -1;
  } catch {
    return null;
  }
}
