/** The errors of the shell. */

import { PstatError } from '../../base/errors.ts';
import { escapeControls, quote } from '../../base/text.ts';

export function tooManyPatterns(list: string): PstatError {
  return new PstatError('query', `${list} takes one pattern; use filter to narrow it down`);
}

export function tooManyLimits(): PstatError {
  return new PstatError('query', 'a table takes one number of rows; leave the others out');
}

export function invalidRegExp(pattern: string): PstatError {
  return new PstatError('query', `${quote(pattern)} is not a valid regular expression`);
}

/** @param reason of the shell or the system */
export function commandFailed(command: string, reason: string): PstatError {
  return new PstatError('query', `${escapeControls(command)}: ${reason}`);
}
