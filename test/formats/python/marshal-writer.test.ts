import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type MarshalValue, readMarshal } from '../../../src/formats/python/marshal.ts';
import { MarshalWriter } from '../../../src/formats/python/marshal-writer.ts';
import { within } from '../../support/time.ts';

function bytesOf(write: (out: MarshalWriter) => void): Uint8Array {
  const out = new MarshalWriter();
  write(out);
  return out.finish();
}

function hexOf(write: (out: MarshalWriter) => void): string {
  return Buffer.from(bytesOf(write)).toString('hex');
}

function readBack(write: (out: MarshalWriter) => void): MarshalValue {
  const bytes = bytesOf(write);
  const { value, end } = readMarshal(bytes);
  expect(end).toBe(bytes.length);
  return value;
}

describe('writes type codes that CPython 2.7 and 3.x read alike', () => {
  test.each<[string, number | bigint, string]>([
    ['nothing', 0, '6900000000'],
    ['minus nothing', -0, '6900000000'],
    ['a small number', 5, '6905000000'],
    ['the largest of four bytes', 2 ** 31 - 1, '69ffffff7f'],
    ['the smallest of four bytes', -(2 ** 31), '6900000080'],
    ['one more', 2 ** 31, '6c03000000000000000200'],
    ['a large negative number', -(2 ** 35), '6cfdffffff000000002000'],
    ['2^60, whose digits end with the hexadecimal ones', 2n ** 60n, '6c0500000000000000000000000100'],
    ['a bigint that is small', 5n, '6c010000000500'],
  ])('%s', (_, value, hex) => {
    expect(hexOf((out) => out.int(value))).toBe(hex);
  });

  test('a double is its eight bytes', () => {
    expect(hexOf((out) => out.float(0.5))).toBe('67000000000000e03f');
    expect(hexOf((out) => out.float(-0))).toBe('670000000000000080');
  });

  test.each([
    ['len', '74030000006c656e'],
    ['', '7400000000'],
    ['é', '7402000000c3a9'],
    ['🚀', '7404000000f09f9a80'],
    ['a\udc80', '740400000061edb280'],
  ])('the text %j', (text, hex) => {
    expect(hexOf((out) => out.text(text))).toBe(hex);
  });

  test('opens containers with their size, or closes them', () => {
    const hex = hexOf((out) => {
      out.dict();
      out.tuple(1);
      out.int(1);
      out.tuple(0);
      out.endDict();
    });
    expect(hex).toBe('7b280100000069010000002800000000' + '30');
  });
});

test('any value is read as it was written', () => {
  fc.assert(
    fc.property(fc.bigInt(), fc.double(), fc.string({ unit: 'binary' }), (integer, double, text) => {
      const value = readBack((out) => {
        out.tuple(4);
        out.int(integer);
        out.float(double);
        out.text(text);
        out.int(Number.isSafeInteger(double) ? double : 1);
      });
      const narrow = Number.isSafeInteger(Number(integer)) ? Number(integer) : integer;
      const last = Number.isSafeInteger(double) ? double + 0 : 1;
      expect(value).toEqual({ type: 'tuple', items: [narrow, double, text, last] });
    }),
  );
});

test('any text of UTF-16 units is read as it was written, lone surrogates too', () => {
  const unit = fc.integer({ min: 0xd780, max: 0xe080 }).map((code) => String.fromCharCode(code));
  fc.assert(
    fc.property(fc.string({ unit }), (text) => {
      expect(readBack((out) => out.text(text))).toBe(text);
    }),
  );
});

test('repeats bytes beyond the capacity of the buffer', () => {
  const value = readBack((out) => {
    out.tuple(3);
    const text = out.record(() => out.text('x'.repeat(5000)));
    out.repeat(text);
    out.repeat(text);
  });
  expect(value).toEqual({ type: 'tuple', items: ['x'.repeat(5000), 'x'.repeat(5000), 'x'.repeat(5000)] });
});

test('throws RangeError for a number that is not an integer', () => {
  expect(() => new MarshalWriter().int(Number.NaN)).toThrow(RangeError);
  expect(() => new MarshalWriter().int(0.5)).toThrow(RangeError);
});

test('writes an integer of a megabyte quickly', () => {
  const large = 1n << 8_000_000n;
  within(5000, () => expect(readBack((out) => out.int(large)) === large).toBe(true));
});
