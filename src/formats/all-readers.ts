/** Every registered format, loaded: for callers that cannot wait for an import, and for lists of all formats. */

import type { Format, Readers } from './format.ts';
import { PYTHON_READERS } from './python/formats.ts';
import { type FormatGroup, formatGroupOf } from './registry.ts';
import { V8_READERS } from './v8/formats.ts';

const READERS: Readonly<Record<FormatGroup, Readers>> = { v8: V8_READERS, python: PYTHON_READERS };

/** The readers for a file that begins with these bytes. */
export function readersOf(head: Uint8Array): Readers {
  return READERS[formatGroupOf(head)];
}

export const ALL_FORMATS: readonly Format[] = Object.values(READERS).flatMap(({ formats }) => formats);
