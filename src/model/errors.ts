/** Errors of merging, windows and focus. */

import { missingDataError, type PstatError } from '../base/errors.ts';
import { escapeControls } from '../base/text.ts';

export function cannotMerge(first: string, second: string, why: string): PstatError {
  return missingDataError(`cannot be merged with ${escapeControls(first)}: ${why}; read one kind at a time`, second);
}

export function noSampleTimes(source: string): PstatError {
  return missingDataError('does not say when its samples were taken; read it without a time window', source);
}

export function noStacks(source: string): PstatError {
  return missingDataError(
    'has caller-callee edges, not stacks; filter functions, or query callers and callees',
    source,
  );
}
