/**
 * How wide text is on a terminal, and cutting and padding by it. The measure is the one cli-table3 pads with, so
 * what is cut here and what is padded there agree.
 */

import stringWidth from 'string-width';
import { headOf, isPlain, tailOf } from '../../base/text.ts';
import { TIME_UNITS } from '../../base/units.ts';

const ELLIPSIS = '…';

export function width(text: string): number {
  if (isPlain(text)) return text.length;
  return text.length > MAX_MEASURED_LENGTH ? text.length : stringWidth(text);
}

/** Longer texts fit in no terminal, so their exact width is not measured. */
const MAX_MEASURED_LENGTH = 10_000;

/** The width of the widest of them. */
export function widest(texts: readonly string[]): number {
  return texts.reduce((most, text) => Math.max(most, width(text)), 0);
}

export function padEnd(text: string, columns: number): string {
  return text + ' '.repeat(Math.max(0, columns - width(text)));
}

/** The text, or its end with `…` before it, at most so many columns wide. */
export function cutStart(text: string, columns: number): string {
  if (width(text) <= columns) return text;
  const characters = graphemes(tailOf(text, unitsFor(columns))).reverse();
  return (
    ELLIPSIS +
    takeFitting(characters, columns - 1)
      .reverse()
      .join('')
  );
}

/** The text, or its beginning with `…` after it, at most so many columns wide. */
export function cutEnd(text: string, columns: number): string {
  if (width(text) <= columns) return text;
  return takeFitting(graphemes(headOf(text, unitsFor(columns))), columns - 1).join('') + ELLIPSIS;
}

/** Where a line may break: at a space, but for the one between a number and its unit. */
const BREAKS = new RegExp(` (?<!\\d (?=(?:${TIME_UNITS.join('|')})(?![\\p{L}\\p{N}])))`, 'u');

/** The text, or its beginning, at most so many columns wide. */
export function cutTo(text: string, columns: number): string {
  if (width(text) <= columns) return text;
  return takeFitting(graphemes(headOf(text, unitsFor(columns))), columns).join('');
}

/** Lines of at most so many columns, broken at spaces, and within a word only where that alone is longer. */
export function wrap(text: string, columns: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(BREAKS).flatMap((each) => splitWord(each, columns))) {
    if (line !== '' && width(line) + 1 + width(word) > columns) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line];
}

/** A word in parts that fit; a long path is whole again when the lines are put together. */
function splitWord(word: string, columns: number): string[] {
  const parts: string[] = [];
  for (let start = 0; ; ) {
    // Not the whole rest: measuring that for every part takes time that grows with the square.
    const near = headOf(word.slice(start, start + unitsFor(columns) + 1), unitsFor(columns));
    if (width(near) <= columns && start + near.length === word.length) return [...parts, near];
    // An emoji of hundreds of joined parts is wider than a line and is cut between them.
    const part = [graphemes(near), [...near]]
      .map((all) => takeFitting(all, columns).join(''))
      .find((text) => text !== '');
    parts.push(part ?? String.fromCodePoint(near.codePointAt(0) ?? 0));
    start += parts.at(-1)?.length ?? 1;
  }
}

/**
 * More of a text than this cannot be seen in so many columns, except with many combining marks. Separating
 * graphemes takes more than linear time, so that a long name is cut roughly before it is cut exactly.
 */
function unitsFor(columns: number): number {
  return 64 + 16 * columns;
}

function takeFitting(parts: readonly string[], columns: number): string[] {
  let used = 0;
  const end = parts.findIndex((part) => {
    used += width(part);
    return used > columns;
  });
  return parts.slice(0, end === -1 ? parts.length : Math.max(0, end));
}

/** What a reader sees as one character; cutting inside would change it. */
function graphemes(text: string): string[] {
  if (isPlain(text)) return [...text];
  return Array.from(new Intl.Segmenter().segment(text), ({ segment }) => segment);
}
