/** Errors about unknown words, and the nearest known word in their messages. */

import { PstatError } from '../base/errors.ts';
import { escapeControls, shorten } from '../base/text.ts';

/** Returns the message of an error; for an unknown word it ends with the nearest known one. */
export async function formatError({ message, unknown }: PstatError): Promise<string> {
  if (unknown === null) return message;
  const { nearestWord } = await import('../base/nearest.ts');
  const word = nearestWord(unknown.word, unknown.known);
  return word === null ? message : `${message}; did you mean ${shorten(escapeControls(word), 120)}?`;
}

/** @param error why the first word cannot be read as a file, or its options do not suit @param commands all names */
export function unknownCommand(error: PstatError, word: string, commands: readonly string[]): PstatError {
  return new PstatError(error.kind, error.message, { unknown: { word, known: commands } });
}
