/** The errors of the shell. */

import { type PstatError, queryError } from '../../base/errors.ts';
import { escapeControls, quote } from '../../base/text.ts';

export function tooManyPatterns(list: string): PstatError {
  return queryError(`${list} takes one pattern; use filter to narrow it down`);
}

export function tooManyLimits(): PstatError {
  return queryError('a table takes one number of rows; leave the others out');
}

export function invalidRegExp(pattern: string): PstatError {
  return queryError(`${quote(pattern)} is not a valid regular expression`);
}

/** @param reason a code of Node or the system (`E2BIG`), or what the shell said */
export function commandFailed(command: string, reason: string): PstatError {
  const why =
    {
      E2BIG: 'the command is too long',
      EMFILE: 'too many open files',
      ENOENT: 'there is no sh, or the current folder no longer exists',
      ERR_ACCESS_DENIED: 'the permission model (--permission) starts no program',
      ERR_INVALID_ARG_VALUE: 'the command has a zero byte',
    }[reason] ?? escapeControls(reason);
  return queryError(`the answer cannot be piped to ${quote(command)}: ${why}; \`> FILE\` keeps it`);
}
