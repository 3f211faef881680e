/** Changes what stands in packed files: the columns of HTML reports, and the values of Python's marshal. */

import { gunzipSync, gzipSync } from 'node:zlib';
import { packColumns, unpackColumns } from '../../src/base/packed-columns.ts';
import { type MarshalValue, readMarshal } from '../../src/formats/python/marshal.ts';
import { beginsLikeMarshal } from '../../src/formats/python/marshal-head.ts';
import { DATA_END, DATA_START } from '../../src/formats/report/markup.ts';
import * as marshal from '../support/marshal.ts';
import { pick, type Random } from '../support/seeded.ts';
import { mutateDocument } from './mutate-document.ts';

const NUMBERS: readonly number[] = [0, 1, -1, 0.5, 2 ** 31, 2 ** 52, Number.NaN, Number.POSITIVE_INFINITY];

/** Null for files that are no report. */
export function mutateReport(bytes: Uint8Array, random: Random): Uint8Array | null {
  const html = Buffer.from(bytes).toString('latin1');
  const start = html.indexOf(DATA_START) + DATA_START.length;
  const end = html.indexOf(DATA_END, start);
  if (!html.startsWith('<!doctype') || end === -1) return null;
  const file = unpackColumns(gunzipSync(Buffer.from(html.slice(start, end), 'base64')));
  const columns = new Map<string, number[]>(Array.from(file.columns, ([name, values]) => [name, [...values]]));
  const head = random(3) === 0 ? mutateDocument(file.head, random) : file.head;
  for (let i = random(3); i >= 0; i--) changeColumn(pick([...columns.values()], random), random);
  if (random(10) === 0) columns.delete(pick([...columns.keys()], random));
  const packed = gzipSync(packColumns(head, columns), { level: 1 }).toString('base64');
  return Buffer.from(html.slice(0, start) + packed + html.slice(end), 'latin1');
}

function changeColumn(column: number[], random: Random): void {
  const at = random(column.length);
  const ways = [
    () => column.splice(at, 1, (column[at] ?? 0) + pick([1, -1], random)),
    () => column.splice(at, 1, pick(NUMBERS, random)),
    () => column.splice(at, 1, column[random(column.length)] ?? 0),
    () => column.splice(at, 1),
    () => column.splice(at, 0, column[at] ?? 0),
  ];
  pick(ways, random)();
}

/** Null for files that are not marshal. */
export function mutateMarshal(bytes: Uint8Array, random: Random): Uint8Array | null {
  if (!beginsLikeMarshal(bytes)) return null;
  try {
    return write(mutateDocument(readMarshal(bytes).value, random));
  } catch {
    return null;
  }
}

/** Objects that are no sequence and no dict are None; lists are what mutations put there. */
function write(value: unknown): Uint8Array {
  if (typeof value === 'string') return marshal.u(value);
  if (typeof value === 'bigint') return marshal.l(value);
  if (typeof value === 'number') return isWhole(value) ? marshal.int(value) : marshal.g(value);
  if (typeof value === 'boolean') return marshal.hex(value ? '54' : '46');
  if (Array.isArray(value)) return marshal.list(...value.map(write));
  const { type, items, entries } = (value ?? {}) as Partial<Record<string, unknown>>;
  if (Array.isArray(items)) return (type === 'tuple' ? marshal.tuple : marshal.list)(...items.map(write));
  if (!Array.isArray(entries)) return marshal.hex('4e');
  const pairs = entries.filter((entry): entry is MarshalValue[] => Array.isArray(entry));
  return marshal.dict(...pairs.map((entry) => [write(entry[0]), write(entry[1])] as const));
}

function isWhole(value: number): boolean {
  return Number.isSafeInteger(value) && !Object.is(value, -0);
}
