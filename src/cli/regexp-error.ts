/** Where a regular expression goes wrong. Loaded only when one does, for V8 does not tell and a parser is large. */

import { RegExpSyntaxError, RegExpValidator } from '@eslint-community/regexpp';
import { visible } from '../base/text.ts';

/** The pattern and a caret under its fault; nothing if the parser, unlike V8, finds none. */
export function faultLines(pattern: string): string[] {
  const fault = faultIn(pattern);
  return fault === null ? [] : [`  ${visible(pattern)}`, `  ${' '.repeat(visible(pattern.slice(0, fault)).length)}^`];
}

function faultIn(pattern: string): number | null {
  try {
    new RegExpValidator().validateLiteral(pattern);
    return null;
  } catch (error) {
    return error instanceof RegExpSyntaxError ? Math.min(error.index, pattern.length - 1) : null;
  }
}
