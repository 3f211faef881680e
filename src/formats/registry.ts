/**
 * The registered formats, loaded on demand: a .prof loads no V8 reader and no scanner, and a .cpuprofile no marshal.
 * all-readers.ts has the same groups, loaded.
 */

import type { Readers, WriteFormat } from './format.ts';
import { beginsLikeMarshal } from './python/marshal-head.ts';

/** Formats whose files begin alike. */
export type FormatGroup = 'python' | 'v8';

const GROUPS: Readonly<Record<FormatGroup, () => Promise<Readers>>> = {
  python: async () => (await import('./python/formats.ts')).PYTHON_READERS,
  v8: async () => (await import('./v8/formats.ts')).V8_READERS,
};

/** Which group reads a file that begins with these bytes, if any does. */
export function formatGroupOf(head: Uint8Array): FormatGroup {
  return beginsLikeMarshal(head) ? 'python' : 'v8';
}

export function loadReaders(head: Uint8Array): Promise<Readers> {
  return GROUPS[formatGroupOf(head)]();
}

/** Loads the writer of a format. */
export async function loadWriter(group: FormatGroup, name: string): Promise<WriteFormat> {
  const { formats } = await GROUPS[group]();
  const writer = await formats.find((format) => format.name === name)?.loadWriter?.();
  if (writer === undefined) throw new RangeError(`no writer for ${name}`);
  return writer;
}
