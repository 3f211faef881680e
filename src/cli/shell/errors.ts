/** What the shell cannot do, in errors.ts' manner. */

import { PstatError } from '../../base/errors.ts';
import { quoted, visible } from '../../base/text.ts';

export function severalPatterns(list: string): PstatError {
  return new PstatError('query', `${list} takes one pattern; narrow it down with filter`);
}

export function severalNumbers(): PstatError {
  return new PstatError('query', 'a table takes one number of rows');
}

export function noExpression(pattern: string): PstatError {
  return new PstatError('query', `${quoted(pattern)} is no regular expression`);
}

/** @param reason as a shell or the system has it */
export function commandFailed(command: string, reason: string): PstatError {
  return new PstatError('query', `${visible(command)}: ${reason}`);
}
