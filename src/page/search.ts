/** Which functions a search finds: as PATTERN of the command line, a part of the text, or a /regular expression/. */

import { getOrInsert } from '../base/maps.ts';
import { at } from '../model/columns.ts';
import type { PageData } from './data.ts';

/** FunctionIndex -> whether the search finds it; null as `searchTest`. */
export function functionTest(search: string, { label, place }: PageData['texts']): ((fn: number) => boolean) | null {
  const test = searchTest(search);
  if (test === null) return null;
  const found = new Map<number, boolean>();
  return (fn) => getOrInsert(found, fn, () => test(`${at(place, fn)}(${at(label, fn)})`));
}

/** Returns a test of `place(name)`; null for an empty search, and for a regular expression that is not valid. */
export function searchTest(search: string): ((text: string) => boolean) | null {
  if (search === '') return null;
  const [, source, flags] = /^\/(.+)\/([a-z]*)$/s.exec(search) ?? [];
  if (source === undefined) return (text) => text.includes(search);
  try {
    const regexp = new RegExp(source, (flags ?? '').replace(/[gy]/g, ''));
    return (text) => regexp.test(text);
  } catch {
    return null;
  }
}
