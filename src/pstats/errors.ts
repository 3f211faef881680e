/** What --format pstats cannot do, in errors.ts' manner. */

import { PstatError } from '../base/errors.ts';
import { visible } from '../base/text.ts';

/** @param construct as written in the pattern */
export function unsupportedRegExp(construct: string): PstatError {
  return new PstatError('query', `${visible(construct)} is not supported in a regular expression; rewrite it without`);
}

export function cannotAdd(): PstatError {
  return new PstatError(
    'missing-data',
    'one profile times its callers and another counts them; ask one kind at a time',
  );
}

export function tooMuchText(): PstatError {
  return new PstatError(
    'missing-data',
    'the answer would be over 256 MB of text; restrict it with --limit or --restrict',
  );
}

/** @param option with its dashes; @param instead what to write */
export function notInPstats(option: string, instead: string): PstatError {
  return new PstatError('query', `${option} does not go with --format pstats; ${instead}`);
}

export function restrictElsewhere(): PstatError {
  return new PstatError('query', '--restrict goes with --format pstats alone; use --filter and --limit');
}
