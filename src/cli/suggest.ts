/** Errors about unknown words, and the nearest known word in their messages. */

import type { PstatError } from '../base/errors.ts';
import { escapeControls, shorten } from '../base/text.ts';

/** Returns the message of an error with advice: the nearest known word, or how to go on without broken files. */
export async function formatError(error: PstatError): Promise<string> {
  const { message, errors, unknown, canSkip } = error;
  if (errors.length > 0) return brokenFilesText(error);
  if (canSkip) return `${message}; --skip-broken leaves it out`;
  if (unknown === null) return message;
  const { nearestWord } = await import('../base/nearest.ts');
  const word = nearestWord(unknown.word, unknown.known);
  return word === null ? message : `${message}; did you mean ${shorten(escapeControls(word), 120)}?`;
}

/** More files than this are counted. */
const MAX_FILES = 20;

function brokenFilesText({ message, errors, canSkip }: PstatError): string {
  const more = errors.length - MAX_FILES;
  return [
    `${message}${canSkip ? '; --skip-broken leaves them out' : ''}:`,
    ...errors.slice(0, MAX_FILES).map((error) => `  ${error.message}`),
    ...(more > 0 ? [`  and ${more} more`] : []),
  ].join('\n');
}
