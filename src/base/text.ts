/**
 * Text from a profile, made safe to look at.
 *
 * Names and paths in a profile are whatever its author chose: escape sequences that recolour a terminal or rewrite
 * its title, newlines that fake a row, bidirectional marks that turn a path round. None of them may reach a terminal.
 */

/**
 * Characters that act instead of being seen: C0 and C1 controls, delete, line and paragraph separators,
 * bidirectional marks (they reorder what stands beside them), the byte order mark, and lone halves of surrogate pairs.
 */
const ACTING =
  /[\u0000-\u001f\u007f-\u009f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

const SHORT_ESCAPES = new Map([
  ['\t', '\\t'],
  ['\n', '\\n'],
  ['\r', '\\r'],
]);

/** The text with every acting character written out, as `\n`, `\x1b` or `\u202e`. */
export function visible(text: string): string {
  return text.replace(ACTING, escapeCharacter);
}

/** JSON in which no acting character stands bare. JSON.stringify leaves C1 and bidirectional marks as they are. */
export function visibleJson(json: string): string {
  return json.replace(ACTING, (character) => `\\u${hex(character, 4)}`);
}

/** The text in single quotes, visible, and cut in the middle when it is too long to quote in a message. */
export function quoted(text: string): string {
  const shown = visible(text.length > 120 ? `${text.slice(0, 80)}…${text.slice(-30)}` : text);
  return `'${shown}'`;
}

/** `1 file`, `2 files`; the number has thousands separators. */
export function plural(count: number, singular: string, pluralForm = `${singular}s`): string {
  return `${grouped(String(count))} ${count === 1 ? singular : pluralForm}`;
}

/** A plain decimal number with commas between the thousands of its integer part. */
export function grouped(digits: string): string {
  const [whole = '', sign = ''] = /^(-?)\d+/.exec(digits) ?? [];
  const parts: string[] = [];
  for (let end = whole.length; end > sign.length; end -= 3)
    parts.unshift(whole.slice(Math.max(sign.length, end - 3), end));
  return sign + parts.join(',') + digits.slice(whole.length);
}

/**
 * Orders strings by code point, as Python does. JavaScript's own `<` compares UTF-16 units and so puts
 * U+1F680 before U+FF5E.
 */
export function compareCodePoints(a: string, b: string): number {
  if (a === b) return 0;
  const shorter = Math.min(a.length, b.length);
  for (let i = 0; i < shorter; i++) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(i);
    if (x !== y) return codePointRank(x) - codePointRank(y);
  }
  return a.length - b.length;
}

/** Surrogates stand for code points above U+FFFF, so they rank above every other unit. */
function codePointRank(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit;
}

function escapeCharacter(character: string): string {
  const short = SHORT_ESCAPES.get(character);
  if (short !== undefined) return short;
  return character.charCodeAt(0) < 0x100 ? `\\x${hex(character, 2)}` : `\\u${hex(character, 4)}`;
}

function hex(character: string, digits: number): string {
  return character.charCodeAt(0).toString(16).padStart(digits, '0');
}
