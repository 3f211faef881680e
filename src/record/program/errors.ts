/** Errors of `pstat record`. */

import { PstatError } from '../../base/errors.ts';
import { escapeControls, quote } from '../../base/text.ts';

/** @param reason a system error code (`ENOENT`) */
export function cannotRun(command: string, reason: string): PstatError {
  const why = { ENOENT: 'no such program', EACCES: 'not a program that may be run' }[reason] ?? escapeControls(reason);
  return new PstatError('query', `cannot run ${quote(command)}: ${why}`);
}
