/** Errors of merging and windows. */

import { missingDataError, type PstatError } from '../base/errors.ts';
import { escapeControls } from '../base/text.ts';

export function cannotMerge(first: string, second: string, why: string): PstatError {
  return missingDataError(`cannot be merged with ${escapeControls(first)}: ${why}; read one kind at a time`, second);
}

export function noSampleTimes(source: string): PstatError {
  return missingDataError('does not say when its samples were taken; read it without a time window', source);
}
