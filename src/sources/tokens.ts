/** Tokens of JavaScript, TypeScript and Python: enough to find calls and the ends of functions. */

import jsTokens from 'js-tokens';

export type Language = 'js' | 'python';

export type TokenKind = 'comment' | 'string' | 'name' | 'punctuator' | 'newline' | 'other';

export interface Token {
  readonly kind: TokenKind;
  readonly text: string;
  /** 1-based */
  readonly line: number;
  /** 1-based, in UTF-16 units, as V8 counts */
  readonly column: number;
}

/** Returns the tokens without white space. Comments and strings are one token each; template literals one for each part. */
export function tokenize(text: string, language: Language, file = ''): Token[] {
  const parts = language === 'python' ? pythonParts(text) : jsParts(text, !/\.[cm]?ts$/.test(file));
  const tokens: Token[] = [];
  let line = 1;
  let column = 1;
  for (const { kind, text: part } of parts) {
    if (kind !== 'blank') tokens.push({ kind, text: part, line, column });
    const breaks = part.match(LINE_BREAK);
    if (breaks === null) column += part.length;
    else {
      line += breaks.length;
      column = part.length - (part.lastIndexOf(breaks.at(-1) ?? '') + (breaks.at(-1)?.length ?? 0)) + 1;
    }
  }
  return tokens;
}

/** The ends of lines that JavaScript knows. */
export const LINE_BREAK = /\r\n|[\n\r\u2028\u2029]/g;

interface Part {
  readonly kind: TokenKind | 'blank';
  readonly text: string;
}

const JS_KINDS: Readonly<Record<string, Part['kind']>> = {
  WhiteSpace: 'blank',
  LineTerminatorSequence: 'newline',
  SingleLineComment: 'comment',
  MultiLineComment: 'comment',
  HashbangComment: 'comment',
  StringLiteral: 'string',
  NoSubstitutionTemplate: 'string',
  TemplateHead: 'string',
  TemplateMiddle: 'string',
  TemplateTail: 'string',
  RegularExpressionLiteral: 'string',
  JSXString: 'string',
  JSXText: 'string',
  IdentifierName: 'name',
  PrivateIdentifier: 'name',
  JSXIdentifier: 'name',
  Punctuator: 'punctuator',
};

function* jsParts(text: string, jsx: boolean): Generator<Part> {
  for (const { type, value } of jsTokens(text, { jsx })) yield { kind: JS_KINDS[type] ?? 'other', text: value };
}

/** Strings with any prefix, three quotes first; names; line ends; blanks; anything else is one character. */
const PYTHON_TOKEN =
  /(#[^\r\n]*)|((?:[rRbBuUfFtT]{0,2})(?:"""(?:[^\\"]|\\[\s\S]|"(?!""))*(?:"""|$)|'''(?:[^\\']|\\[\s\S]|'(?!''))*(?:'''|$)|"(?:[^\\"\r\n]|\\[\s\S])*"?|'(?:[^\\'\r\n]|\\[\s\S])*'?))|([\p{ID_Start}_][\p{ID_Continue}]*)|(\r\n|[\n\r])|([ \t\f]+)|([()[\]{}:.,=])|([\s\S])/gu;

const PYTHON_KINDS: readonly Part['kind'][] = ['comment', 'string', 'name', 'newline', 'blank', 'punctuator', 'other'];

function* pythonParts(text: string): Generator<Part> {
  for (const match of text.matchAll(PYTHON_TOKEN)) {
    const group = match.slice(1).findIndex((part) => part !== undefined);
    yield { kind: PYTHON_KINDS[group] ?? 'other', text: match[0] };
  }
}

/** The language of a file by its name; null for another one. */
export function languageOf(file: string): Language | null {
  if (/\.pyw?$/.test(file)) return 'python';
  return /\.(?:[cm]?[jt]sx?|vue|svelte)(?:[?#].*)?$/.test(file) || !/\.\w+$/.test(file) ? 'js' : null;
}
