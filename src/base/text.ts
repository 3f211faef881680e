/**
 * Escapes and formats text from profiles.
 *
 * Names and paths in a profile may contain anything: escape sequences that change a terminal's colours or title,
 * newlines that look like a new row, bidirectional marks that reverse a path. None of them may reach a terminal.
 */

/**
 * Control characters and similar: C0 and C1 controls, delete, line and paragraph separators, bidirectional marks,
 * the byte order mark, and lone surrogates.
 */
const CONTROL_CHARACTERS =
  /[\u0000-\u001f\u007f-\u009f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

const SHORT_ESCAPES = new Map([
  ['\t', '\\t'],
  ['\n', '\\n'],
  ['\r', '\\r'],
]);

/** Escapes control characters, as `\n`, `\x1b` or `\u202e`. */
export function escapeControls(text: string): string {
  return text.replace(CONTROL_CHARACTERS, escapeCharacter);
}

/** Escapes control characters in JSON. JSON.stringify does not escape C1 controls and bidirectional marks. */
export function escapeJsonControls(json: string): string {
  return json.replace(CONTROL_CHARACTERS, (character) => `\\u${hex(character, 4)}`);
}

/** Returns the escaped text in single quotes, shortened in the middle if it is too long for a message. */
export function quote(text: string): string {
  const shown = escapeControls(text.length > 120 ? `${text.slice(0, 80)}…${text.slice(-30)}` : text);
  return `'${shown}'`;
}

/** `1 file`, `2 files`, with thousands separators. */
export function pluralize(count: number, singular: string, pluralForm = `${singular}s`): string {
  return `${groupDigits(String(count))} ${count === 1 ? singular : pluralForm}`;
}

/** Lists the first texts and the number of the others, because there may be many: `a, b and 3 more`. */
export function listFirst(texts: readonly string[], max: number, format = (text: string) => text): string {
  const shown = texts.slice(0, max).map((text) => format(text));
  return `${shown.join(', ')}${texts.length > max ? ` and ${texts.length - max} more` : ''}`;
}

/** Inserts commas between the thousands of a decimal number's integer part. */
export function groupDigits(digits: string): string {
  const [integer = '', sign = ''] = /^(-?)\d+/.exec(digits) ?? [];
  const parts: string[] = [];
  for (let end = integer.length; end > sign.length; end -= 3)
    parts.unshift(integer.slice(Math.max(sign.length, end - 3), end));
  return sign + parts.join(',') + digits.slice(integer.length);
}

/** Compares strings by code point, as Python does. JavaScript's `<` compares UTF-16 units: U+1F680 before U+FF5E. */
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

/** Surrogates encode code points above U+FFFF, so they rank above every other unit. */
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
