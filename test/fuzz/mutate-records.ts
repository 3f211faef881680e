/** Changes protocol buffers by their fields, and texts by their lines, words and numbers: bytes alone are mostly no file at all. */

import { pick, type Random } from '../support/seeded.ts';

/** A field of a message (https://protobuf.dev/programming-guides/encoding/). */
interface Field {
  readonly number: number;
  readonly value: bigint | Uint8Array;
}

const NUMBERS: readonly bigint[] = [0n, 1n, 2n, 127n, 2n ** 31n - 1n, 2n ** 31n, 2n ** 53n, 2n ** 63n, 2n ** 64n - 1n];

/** Null for bytes that are no message of numbers and bytes alone. */
export function mutateWire(bytes: Uint8Array, random: Random): Uint8Array | null {
  const fields = readFields(bytes);
  if (fields === null) return null;
  for (let i = random(4); i >= 0 && fields.length > 0; i--) changeFields(fields, random);
  return writeFields(fields);
}

function readFields(bytes: Uint8Array): Field[] | null {
  const fields: Field[] = [];
  let at = 0;
  const varint = () => {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = bytes[at++];
      if (byte === undefined || shift > 63n) return null;
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
  };
  while (at < bytes.length) {
    const tag = varint();
    const value = tag === null ? null : varint();
    if (tag === null || value === null || tag >> 3n === 0n || tag > 800n) return null;
    if ((tag & 7n) === 0n) fields.push({ number: Number(tag >> 3n), value });
    else if ((tag & 7n) === 2n && value <= BigInt(bytes.length - at)) {
      fields.push({ number: Number(tag >> 3n), value: bytes.slice(at, at + Number(value)) });
      at += Number(value);
    } else return null;
  }
  return fields;
}

function changeFields(fields: Field[], random: Random): void {
  const at = random(fields.length);
  const { number, value } = pick(fields, random);
  const put = (field: Field) => fields.splice(at, 1, field);
  const ways = [
    () => fields.splice(at, 1),
    () => fields.splice(at, 0, { number, value }),
    () => put({ number, value: fields[at]?.value ?? value }),
    () => put({ number: fields[at]?.number ?? number, value }),
    () => put({ number: fields[at]?.number ?? number, value: pick(NUMBERS, random) }),
    () => fields.splice(random(fields.length), fields.length),
    () => put({ number: 1 + random(16), value }),
    ...Array.from({ length: 6 }, () => () => changeInner(fields, at, random)),
  ];
  pick(ways, random)();
}

/** Changes a message within the message, or the numbers of a packed list. */
function changeInner(fields: Field[], at: number, random: Random): void {
  const field = fields[at];
  if (field === undefined || typeof field.value === 'bigint') return;
  const inner = random(3) === 0 ? null : mutateWire(field.value, random);
  const number = writeVarint(pick(NUMBERS, random));
  const cut = random(field.value.length + 1);
  const bytes = Buffer.concat([field.value.subarray(0, cut), number, field.value.subarray(cut + random(2))]);
  fields.splice(at, 1, { number: field.number, value: inner ?? bytes });
}

function writeFields(fields: readonly Field[]): Uint8Array {
  return Buffer.concat(
    fields.flatMap(({ number, value }) =>
      typeof value === 'bigint'
        ? [writeVarint(BigInt(number) << 3n), writeVarint(value)]
        : [writeVarint((BigInt(number) << 3n) | 2n), writeVarint(BigInt(value.length)), value],
    ),
  );
}

function writeVarint(value: bigint): Uint8Array {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 0x7fn; rest >>= 7n) bytes.push(Number(rest & 0x7fn) | 0x80);
  return Uint8Array.from([...bytes, Number(rest)]);
}

const WORDS = [
  '0',
  '-1',
  '1.5',
  '1e9',
  '1e999',
  '999999999999999999999',
  'inf',
  '',
  ';',
  ';;',
  '\t',
  ' ',
  '#',
  ':',
  '(',
  '\u001b[2J',
];

/** Null for bytes that are no text. */
export function mutateText(bytes: Uint8Array, random: Random): Uint8Array | null {
  const text = Buffer.from(bytes).toString('latin1');
  if (/[\x00-\x08]/.test(text)) return null;
  const lines = text.split('\n');
  for (let i = random(4); i >= 0 && lines.length > 0; i--) changeLines(lines, random);
  return Buffer.from(lines.join('\n'), 'latin1');
}

function changeLines(lines: string[], random: Random): void {
  const at = random(lines.length);
  const line = lines[at] ?? '';
  const parts = line.split(/(\d+|[^\w.]+)/);
  const part = random(parts.length);
  const put = (changed: string) => lines.splice(at, 1, changed);
  const ways = [
    () => lines.splice(at, 1),
    () => lines.splice(at, 0, pick(lines, random) ?? ''),
    () => put(pick(lines, random) ?? ''),
    () => lines.splice(random(lines.length + 1), lines.length),
    () => put(line.slice(random(line.length + 1))),
    () => put(line.slice(0, random(line.length + 1))),
    () => put(`${line}${line}`),
    () => put(parts.with(part, pick(WORDS, random)).join('')),
    () => put(parts.with(part, parts[random(parts.length)] ?? '').join('')),
    () => put([...parts.slice(0, part), pick(WORDS, random), ...parts.slice(part)].join('')),
  ];
  pick(ways, random)();
}
