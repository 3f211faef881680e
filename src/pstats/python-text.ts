/** Numbers and strings as Python writes them, where JavaScript writes them otherwise. */

/** How many characters Python counts: code points. */
export function countCodePoints(text: string): number {
  let length = 0;
  for (const _ of text) length++;
  return length;
}

/** The text with blanks behind it, as long as Python's `ljust` makes it. Never cut. */
export function justifyLeft(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - countCodePoints(text)));
}

/** Seconds as Python's `%8.3f` writes them: half a millisecond goes to the even neighbour, `toFixed` rounds it up. */
export function formatEightWide(seconds: number): string {
  return formatThreeDecimals(seconds).padStart(8);
}

/** Seconds as Python's `%.3f` writes them. */
export function formatThreeDecimals(seconds: number): string {
  if (Number.isNaN(seconds)) return 'nan';
  const sign = seconds < 0 || Object.is(seconds, -0) ? '-' : '';
  const size = Math.abs(seconds);
  if (size === Number.POSITIVE_INFINITY) return `${sign}inf`;
  // From 1e21 on toFixed gives an exponent. A number so large is whole.
  if (size >= 1e21) return `${sign}${BigInt(size)}.000`;
  return sign + (isTie(size) ? roundHalfToEven(size) : size.toFixed(3));
}

/** Half a thousandth is 125/250 of 1/1000: among doubles, the odd multiples of 1/16 and no others. */
function isTie(size: number): boolean {
  const sixteenths = size * 16;
  return Number.isInteger(sixteenths) && sixteenths % 2 === 1;
}

function roundHalfToEven(size: number): string {
  const below = (BigInt(size * 16) * 125n - 1n) / 2n;
  const even = String(below % 2n === 0n ? below : below + 1n).padStart(4, '0');
  return `${even.slice(0, -3)}.${even.slice(-3)}`;
}

/** A fraction from 0 up to 1, as Python's `repr` writes it: `0.5`, `1e-05`. */
export function reprFraction(value: number): string {
  if (value === 0) return Object.is(value, -0) ? '-0.0' : '0.0';
  if (value >= 1e-4) return String(value);
  return value.toExponential().replace(/e-(\d)$/, 'e-0$1');
}

/** A string as Python's `repr` writes it: in single quotes, unless it holds some and no double ones. */
export function reprString(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  const inside = Array.from(text, (character) => (character === quote ? `\\${quote}` : reprCharacter(character)));
  return quote + inside.join('') + quote;
}

const SHORT_ESCAPES = new Map([
  ['\\', '\\\\'],
  ['\n', '\\n'],
  ['\r', '\\r'],
  ['\t', '\\t'],
]);

function reprCharacter(character: string): string {
  const short = SHORT_ESCAPES.get(character);
  if (short !== undefined) return short;
  // What Python calls printable: no control, format, surrogate, private or unassigned character, no separator but the blank.
  if (character === ' ' || !/[\p{C}\p{Z}]/u.test(character)) return character;
  const hex = (character.codePointAt(0) ?? 0).toString(16);
  if (hex.length <= 2) return `\\x${hex.padStart(2, '0')}`;
  return hex.length <= 4 ? `\\u${hex.padStart(4, '0')}` : `\\U${hex.padStart(8, '0')}`;
}

/** The words of a line, as Python's `split` parts them: it takes other characters for blanks than JavaScript. */
export function splitWords(line: string): string[] {
  return line.split(BLANKS).filter((word) => word !== '');
}

/** Python reads numbers in every script. A script's digits stand in a row that begins at a code of 16n or of 16n + 6. */
export function toAsciiDigits(text: string): string {
  return text.replace(/\p{Nd}/gu, (digit) => {
    const code = digit.codePointAt(0) ?? 0;
    // Five alphabets of mathematical digits follow one another.
    if (code >= 0x1d7ce && code <= 0x1d7ff) return String((code - 0x1d7ce) % 10);
    const row = code & ~15;
    return String(/\p{Nd}/u.test(String.fromCodePoint(row)) ? code - row : code - row - 6);
  });
}

/** Without the blanks around it, as Python's `strip` leaves it. */
export function stripBlanks(line: string): string {
  return line.replace(new RegExp(`^${BLANKS.source}|${BLANKS.source}$`, 'g'), '');
}

const BLANKS = /[\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+/;

const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** Seconds since 1970 in local time, as C's `ctime` writes them: `Fri Jan  5 03:04:05 2024`. */
export function formatCtime(seconds: number): string {
  const date = new Date(Math.floor(seconds) * 1000);
  const clock = [date.getHours(), date.getMinutes(), date.getSeconds()].map((part) => String(part).padStart(2, '0'));
  const day = String(date.getDate()).padStart(2);
  return `${DAYS[date.getDay()]} ${MONTHS[date.getMonth()]} ${day} ${clock.join(':')} ${date.getFullYear()}`;
}
