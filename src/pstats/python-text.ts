/** Formats numbers and strings as Python does, where JavaScript differs. */

/** Counts code points, as Python's `len` does. */
export function countCodePoints(text: string): number {
  let length = 0;
  for (const _ of text) length++;
  return length;
}

/** Pads as Python's `ljust` does. Never cuts. */
export function justifyLeft(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - countCodePoints(text)));
}

/** Formats seconds as Python's `%8.3f`: ties round to even, where `toFixed` rounds up. */
export function formatEightWide(seconds: number): string {
  return formatThreeDecimals(seconds).padStart(8);
}

/** Formats seconds as Python's `%.3f`. */
export function formatThreeDecimals(seconds: number): string {
  if (Number.isNaN(seconds)) return 'nan';
  const sign = seconds < 0 || Object.is(seconds, -0) ? '-' : '';
  const size = Math.abs(seconds);
  if (size === Number.POSITIVE_INFINITY) return `${sign}inf`;
  // From 1e21 on `toFixed` writes an exponent. Such numbers are whole.
  if (size >= 1e21) return `${sign}${BigInt(size)}.000`;
  return sign + (isTie(size) ? roundHalfToEven(size) : size.toFixed(3));
}

/** Whether the number lies exactly between two thousandths: among doubles, the odd multiples of 1/16. */
function isTie(size: number): boolean {
  const sixteenths = size * 16;
  return Number.isInteger(sixteenths) && sixteenths % 2 === 1;
}

function roundHalfToEven(size: number): string {
  const below = (BigInt(size * 16) * 125n - 1n) / 2n;
  const even = String(below % 2n === 0n ? below : below + 1n).padStart(4, '0');
  return `${even.slice(0, -3)}.${even.slice(-3)}`;
}

/** Formats a number in [0, 1) as Python's `repr`: `0.5`, `1e-05`. */
export function reprFraction(value: number): string {
  if (value === 0) return Object.is(value, -0) ? '-0.0' : '0.0';
  if (value >= 1e-4) return String(value);
  return value.toExponential().replace(/e-(\d)$/, 'e-0$1');
}

/** Formats a string as Python's `repr`: in single quotes, unless it holds single and no double quotes. */
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
  // Python's printable characters: none of the categories Other and Separator, except the blank.
  // https://docs.python.org/3/library/stdtypes.html#str.isprintable
  if (character === ' ' || !/[\p{C}\p{Z}]/u.test(character)) return character;
  const hex = (character.codePointAt(0) ?? 0).toString(16);
  if (hex.length <= 2) return `\\x${hex.padStart(2, '0')}`;
  return hex.length <= 4 ? `\\u${hex.padStart(4, '0')}` : `\\U${hex.padStart(8, '0')}`;
}

/** Splits as Python's `split`, whose set of blanks differs from JavaScript's. */
export function splitWords(line: string): string[] {
  return line.split(BLANKS).filter((word) => word !== '');
}

/** Replaces the digits of all scripts, as Python's `int` does. A script's zero has a code of 16n or 16n + 6. */
export function toAsciiDigits(text: string): string {
  return text.replace(/\p{Nd}/gu, (digit) => {
    const code = digit.codePointAt(0) ?? 0;
    // The mathematical digits are five alphabets in a row.
    if (code >= 0x1d7ce && code <= 0x1d7ff) return String((code - 0x1d7ce) % 10);
    const row = code & ~15;
    return String(/\p{Nd}/u.test(String.fromCodePoint(row)) ? code - row : code - row - 6);
  });
}

/** Strips as Python's `strip`. */
export function stripBlanks(line: string): string {
  let start = 0;
  let end = line.length;
  while (start < end && isBlank(line[start])) start++;
  while (start < end && isBlank(line[end - 1])) end--;
  return line.slice(start, end);
}

function isBlank(character: string | undefined): boolean {
  return character !== undefined && BLANKS.test(character);
}

/** The characters that Python's `str.isspace` accepts, as a regular expression. */
export const BLANK = '[\\t-\\r\\u001c-\\u0020\\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]';

const BLANKS = new RegExp(`${BLANK}+`);

const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** Formats seconds since 1970 in local time as C's `ctime`: `Fri Jan  5 03:04:05 2024`. */
export function formatCtime(seconds: number): string {
  const date = new Date(Math.floor(seconds) * 1000);
  const clock = [date.getHours(), date.getMinutes(), date.getSeconds()].map((part) => String(part).padStart(2, '0'));
  const day = String(date.getDate()).padStart(2);
  return `${DAYS[date.getDay()]} ${MONTHS[date.getMonth()]} ${day} ${clock.join(':')} ${date.getFullYear()}`;
}
