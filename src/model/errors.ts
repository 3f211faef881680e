/** Errors of merging and windows. */

import { missingDataError, PstatError } from '../base/errors.ts';
import { escapeControls } from '../base/text.ts';

export function cannotMerge(first: string, second: string, why: string): PstatError {
  return new PstatError(
    'missing-data',
    `cannot be merged with ${escapeControls(first)}: ${why}; read one kind at a time`,
    {
      source: second,
    },
  );
}

export function noSampleTimes(source: string): PstatError {
  return missingDataError('does not say when its samples were taken; read it without a time window', source);
}
