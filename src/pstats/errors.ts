/** Errors of the pstats format. */

import { missingDataError, type PstatError, queryError } from '../base/errors.ts';
import { escapeControls } from '../base/text.ts';

/** @param construct as written in the pattern */
export function unsupportedRegExp(construct: string): PstatError {
  return queryError(`${escapeControls(construct)} is not supported in a regular expression; rewrite it without`);
}

export function cannotAdd(): PstatError {
  return missingDataError('one profile times its callers and another only counts them; list one kind at a time');
}

export function tooMuchText(): PstatError {
  return missingDataError('the list would exceed 256 MB of text; list fewer functions');
}
