/**
 * Translates Python's regular expressions, as `pstats` takes them, to JavaScript's.
 *
 * Supported: literals, classes, alternation, groups, (?P<name>…) and references, quantifiers, anchors, \A, \Z, \b,
 * look-around, and the flags i, m and s at the start. Anything else that Python takes is an error. Two differences
 * stay: a look-behind may be of any width, and a reference to a group that did not match finds the empty text.
 * https://docs.python.org/3/library/re.html#regular-expression-syntax
 */

import { unsupportedRegExp } from './errors.ts';
import { BLANK } from './python-text.ts';

/** Returns null if the pattern is invalid. Throws PstatError (`query`) for a construct that is not supported. */
export function pythonRegExp(pattern: string): RegExp | null {
  const [start = '', flags = ''] = /^\(\?([ims]+)\)/.exec(pattern) ?? [];
  const source = pattern.slice(start.length).replace(TOKEN, (token) => translate(token, flags));
  let expression: RegExp;
  try {
    expression = new RegExp(source, `v${[...new Set(flags)].join('')}`);
  } catch {
    return null;
  }
  try {
    // V8 compiles an expression when it is first used, and only then finds it too large.
    expression.test('');
  } catch {
    throw unsupportedRegExp('a regular expression of this size');
  }
  return expression;
}

/** A character's number, a reference, or one character. */
const ESCAPE = String.raw`\\(?:x[\da-fA-F]{2}|u[\da-fA-F]{4}|0|[0-7]{3}|[1-9]\d?|.)`;

const TOKEN = new RegExp(
  [
    ESCAPE,
    // A class; a bracket at its start is a member.
    String.raw`\[(?:\^(?:\\.|[^\\])|\\.|[^\^\\])(?:\\.|[^\]\\])*\]`,
    // A class without an end.
    String.raw`\[.*`,
    // A quantifier, lazy or possessive.
    String.raw`(?:[*+?]|\{(?:\d+(?:,\d*)?|,\d*)\})[?+]?`,
    // The start of a group.
    String.raw`\(\?(?:P<[^>\(]*>|P=[^\(\)]*\)|<?[=!]|[aiLmsux\-]+[:\)]|.)`,
    '.',
  ].join('|'),
  'gsv',
);

function translate(token: string, flags: string): string {
  if (token.startsWith('(?')) return translateGroup(token);
  if (token.startsWith('[')) return translateClass(token);
  if (token.startsWith('\\')) return translateEscape(token);
  if (/^(?:[*+?]|\{.+\})\+$/.test(token)) throw unsupportedRegExp(`the possessive quantifier ${token}`);
  if (/^\{,/.test(token)) return token.replace('{', '{0');
  if (/^[{}\]]$/.test(token)) return `\\${token}`;
  if (token === '.') return flags.includes('s') ? '.' : '[^\\n]';
  // Python's $ also matches before a newline at the end.
  if (token === '$' && !flags.includes('m')) return '(?=\\n?$)';
  return token;
}

/** Any other start of a group, such as `(?P>`, is invalid in Python too. */
function translateGroup(token: string): string {
  if (/^\(\?(?::|<?[=!])$/.test(token)) return token;
  if (token.startsWith('(?P<')) return token.replace('P', '');
  if (token.startsWith('(?P=')) return `\\k<${token.slice(4, -1)}>`;
  if (/^\(\?(?:[(>#]|[aiLmsux-]+[:)])$/.test(token)) throw unsupportedRegExp(`${token}…`);
  return INVALID;
}

/** A source that `RegExp` rejects. */
const INVALID = '(?';

const WORD = '[\\p{L}\\p{N}_]';
const DIGIT = '[\\p{Nd}]';
const BOUNDARY = `(?:(?<=${WORD})(?!${WORD})|(?<!${WORD})(?=${WORD}))`;

/** Python's categories are those of Unicode. Flag v allows classes inside of classes. */
const CATEGORIES: Readonly<Record<string, string>> = {
  '\\w': WORD,
  '\\W': `[^${WORD}]`,
  '\\d': DIGIT,
  '\\D': `[^${DIGIT}]`,
  '\\s': BLANK,
  '\\S': `[^${BLANK}]`,
};

const ASSERTIONS: Readonly<Record<string, string>> = {
  '\\A': '(?<![\\s\\S])',
  '\\Z': '(?![\\s\\S])',
  '\\b': BOUNDARY,
  '\\B': `(?!${BOUNDARY})`,
};

function translateEscape(token: string): string {
  return CATEGORIES[token] ?? ASSERTIONS[token] ?? (/^\\[1-9]\d?$/.test(token) ? token : translateCharacter(token));
}

/** `[^a-z\d]`, every character written so that it means nothing else in a class of JavaScript's. */
function translateClass(token: string): string {
  const [, not = '', members] = /^\[(\^?)(.*)\]$/s.exec(token) ?? [];
  if (members === undefined || members === '') return INVALID;
  const inside = members.replace(RANGE, (_, from: string, to: string | undefined) =>
    to === undefined ? translateMember(from) : `${translateMember(from)}-${translateMember(to)}`,
  );
  return `[${not}${inside}]`;
}

const RANGE = new RegExp(`(${ESCAPE}|.)(?:-(${ESCAPE}|.))?`, 'gsv');

function translateMember(member: string): string {
  return member === '\\b' ? member : (CATEGORIES[member] ?? translateCharacter(member));
}

/** A character, or the escape of one. */
function translateCharacter(text: string): string {
  if (/^(?:\w|\\(?:[fnrtv]|[xu][\da-fA-F]+))$/.test(text)) return text;
  if (/^\\(?:[NUa]|0|[0-7]{3})$/.test(text)) throw unsupportedRegExp(`the escape ${text}`);
  if (/^\\(?:[A-Za-z\d]|$)/.test(text)) return INVALID;
  return `\\u{${(text.replace(/^\\(?=.)/s, '').codePointAt(0) ?? 0).toString(16)}}`;
}
