/**
 * Escapes and formats text from profiles.
 *
 * Names and paths in a profile may contain anything: escape sequences that change a terminal's colors or title,
 * newlines that look like a new row, bidirectional marks that reverse a path. None of them may reach a terminal.
 */

/** Emoji that are pictures only with U+FE0F after them, such as ❤. */
const TEXT_EMOJI = String.raw`[\p{Extended_Pictographic}--\p{Emoji_Presentation}]`;

/** What a joiner joins to one picture: 👩 with a skin color, ❤ with U+FE0F. */
const JOINABLE = String.raw`(?:${TEXT_EMOJI}\ufe0f|\p{Extended_Pictographic}[\u{1f3fb}-\u{1f3ff}]?)`;

/**
 * Characters that a terminal interprets or does not show: controls, separators of lines, bidirectional marks, lone surrogates,
 * spaces other than the space, and all that Unicode lets a display ignore (zero-width characters, fillers, tags, variation
 * selectors). Joiners and selectors within an emoji are part of its picture.
 * https://www.unicode.org/reports/tr44/#Default_Ignorable_Code_Point
 */
const UNSHOWN_CHARACTERS = new RegExp(
  [
    String.raw`[[\p{Cc}\p{Z}\p{Surrogate}\p{Noncharacter_Code_Point}\p{Default_Ignorable_Code_Point}\u2800\ufff9-\ufffb\u{13430}-\u{1343f}]--[\u0020\u200d\ufe0f]]`,
    String.raw`(?<!${TEXT_EMOJI}|[#*0-9](?=\ufe0f\u20e3))\ufe0f`,
    String.raw`(?<!${JOINABLE})\u200d|\u200d(?!\p{Extended_Pictographic})`,
  ].join('|'),
  'gv',
);

const SHORT_ESCAPES = new Map([
  ['\t', '\\t'],
  ['\n', '\\n'],
  ['\r', '\\r'],
]);

/** Escapes characters that a terminal interprets or does not show, as `\n`, `\x1b`, `\u202e` or `\u{e0041}`. */
export function escapeControls(text: string): string {
  return isPlain(text) ? text : text.replace(UNSHOWN_CHARACTERS, escapeCharacter);
}

/** Escapes the same characters in a text of several lines. */
export function escapeLines(text: string): string {
  return text.split('\n').map(escapeControls).join('\n');
}

/** Escapes the same characters in JSON. JSON.stringify escapes only C0 controls and lone surrogates. */
export function escapeJsonControls(json: string): string {
  if (isPlain(json)) return json;
  return json.replace(UNSHOWN_CHARACTERS, (character) =>
    character
      .split('')
      .map((unit) => `\\u${hex(unit.charCodeAt(0), 4)}`)
      .join(''),
  );
}

/** Whether the text is printable ASCII, as nearly all is. */
export function isPlain(text: string): boolean {
  return /^[\x20-\x7e]*$/.test(text);
}

/** The beginning of a text of at most so many UTF-16 units. A character of two units is not cut in half. */
export function headOf(text: string, units: number): string {
  return text.slice(0, isInsidePair(text, units) ? units - 1 : units);
}

/** The end of a text of at most so many UTF-16 units. A character of two units is not cut in half. */
export function tailOf(text: string, units: number): string {
  const start = Math.max(0, text.length - units);
  return text.slice(isInsidePair(text, start) ? start + 1 : start);
}

function isInsidePair(text: string, at: number): boolean {
  const isLow = (text.charCodeAt(at) & 0xfc00) === 0xdc00;
  return at > 0 && isLow && (text.charCodeAt(at - 1) & 0xfc00) === 0xd800;
}

/** Returns the text with `…` for the middle of it where it is longer than so many units. */
export function shorten(text: string, units: number): string {
  if (text.length <= units) return text;
  const tail = Math.floor(units / 4);
  return `${headOf(text, units - tail - 1)}…${tailOf(text, tail)}`;
}

/** Returns the escaped text in single quotes, shortened in the middle if it is too long for a message. */
export function quote(text: string): string {
  return `'${shorten(escapeControls(shorten(text, 120)), 160)}'`;
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

/** Part of a text, 0-based, in UTF-16 units. */
export interface TextSpan {
  readonly start: number;
  readonly end: number;
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
  const code = character.codePointAt(0) ?? 0;
  if (code > 0xffff) return `\\u{${code.toString(16)}}`;
  return code < 0x100 ? `\\x${hex(code, 2)}` : `\\u${hex(code, 4)}`;
}

function hex(code: number, digits: number): string {
  return code.toString(16).padStart(digits, '0');
}
