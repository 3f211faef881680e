import { describe, expect, test } from 'vitest';
import { CODE_LAYOUTS, type MarshalValue, readMarshal } from '../../../src/formats/python/marshal.ts';
import { PstatError } from '../../../src/index.ts';
import type { Bytes } from '../../support/marshal.ts';
import { dict, flagged, g, hex, i, join, l, list, longOf, r, tuple, typed, u } from '../../support/marshal.ts';
import { attempt, edgesOf, profTableOf, refusalOf, rowsOf } from '../../support/reading.ts';
import { within } from '../../support/time.ts';

/** The value of bytes that hold exactly one. */
function read(bytes: Bytes): MarshalValue {
  const { value, end } = readMarshal(bytes);
  expect(end).toBe(bytes.length);
  return value;
}

/** The items of a tuple or a list. */
function itemsOf(bytes: Bytes): readonly MarshalValue[] {
  const value = read(bytes);
  if (typeof value !== 'object' || value === null || !('items' in value)) throw new TypeError('no sequence');
  return value.items;
}

function expectMalformed(bytes: Bytes): void {
  let error: unknown;
  try {
    readMarshal(bytes);
  } catch (thrown) {
    error = thrown;
  }
  expect(error, Buffer.from(bytes.subarray(0, 40)).toString('hex')).toBeInstanceOf(PstatError);
  expect(error).toMatchObject({ kind: 'malformed' });
}

function text(type: string, body: string | Bytes, length = body.length): Bytes {
  return join(typed(type, length), Buffer.from(body as string, 'latin1'));
}

function short(type: string, body: string): Bytes {
  return join(Buffer.from(type), Uint8Array.of(body.length), Buffer.from(body, 'latin1'));
}

describe('values that CPython writes', () => {
  test.each([
    ['5', 'e9 05000000', 5],
    ['2**31', 'ec 03000000 0000 0000 0200', 2 ** 31],
    ['-2**35', 'ec fdffffff 0000 0000 2000', -(2 ** 35)],
    ['0.5', 'e7 000000000000e03f', 0.5],
    ["''", 'da 00', ''],
    ["'é'", 'f5 02000000 c3a9', 'é'],
    ['()', 'a9 00', { type: 'tuple', items: [] }],
    ['2**31 of Python 2', '49 0000008000000000', 2 ** 31],
  ])('%s', (_, digits, value) => {
    expect(read(hex(digits))).toEqual(value);
  });

  test.each([
    ['3.11', 'c1'],
    ['3.6', 'e1'],
  ])('256 characters of ASCII, by %s', (_, type) => {
    expect(read(join(hex(`${type} 00010000`), Buffer.alloc(256, 'x')))).toBe('x'.repeat(256));
  });

  test('a tuple of 256 items has its length in four bytes', () => {
    expect(itemsOf(join(hex('a8 00010000'), ...Array(256).fill(hex('e9 05000000'))))).toEqual(Array(256).fill(5));
  });
});

describe('every type byte', () => {
  test.each<[string, Bytes, MarshalValue]>([
    ['{ empty', dict(), { type: 'dict', entries: [] }],
    [
      '{',
      dict([i(1), i(2)], [i(3), i(4)]),
      {
        type: 'dict',
        entries: [
          [1, 2],
          [3, 4],
        ],
      },
    ],
    ['(', tuple(i(1), i(2)), { type: 'tuple', items: [1, 2] }],
    [')', hex('29 02 69 01000000 69 02000000'), { type: 'tuple', items: [1, 2] }],
    ['[', list(i(1), i(2)), { type: 'list', items: [1, 2] }],
    ['i', hex('69 ffffffff'), -1],
    ['i least', hex('69 00000080'), -(2 ** 31)],
    ['I', hex('49 ffffffffffffffff'), -1],
    ['I beyond 2^53', hex('49 ffffffffffffff7f'), 2n ** 63n - 1n],
    ['I least', hex('49 0000000000000080'), -(2n ** 63n)],
    ['l zero', hex('6c 00000000'), 0],
    ['l', hex('6c 01000000 ff7f'), 32767],
    ['l negative', hex('6c ffffffff ff7f'), -32767],
    ['l 2^53 - 1', l(2n ** 53n - 1n), Number.MAX_SAFE_INTEGER],
    ['l 2^53 + 1', l(2n ** 53n + 1n), 2n ** 53n + 1n],
    ['l -2^53 - 1', l(-(2n ** 53n) - 1n), -(2n ** 53n) - 1n],
    ['l 2^70', l(2n ** 70n), 2n ** 70n],
    ['g', g(-1e300), -1e300],
    ['g smallest', g(5e-324), 5e-324],
    ['g infinite', g(Number.NEGATIVE_INFINITY), Number.NEGATIVE_INFINITY],
    ['g nan', g(Number.NaN), Number.NaN],
    ['f', short('f', '0.5'), 0.5],
    ['f in 17 digits', short('f', '0.10000000000000001'), 0.1],
    ['f small', short('f', '1e-05'), 1e-5],
    ['f large', short('f', '-1.5e+300'), -1.5e300],
    ['f whole', short('f', '3'), 3],
    ['f infinite', short('f', 'inf'), Number.POSITIVE_INFINITY],
    ['f minus infinite', short('f', '-inf'), Number.NEGATIVE_INFINITY],
    ['f nan', short('f', 'nan'), Number.NaN],
    ['z', short('z', 'len'), 'len'],
    ['Z', short('Z', 'len'), 'len'],
    ['z of 255', short('z', 'y'.repeat(255)), 'y'.repeat(255)],
    ['z with a null byte', short('z', 'a\0b'), 'a\0b'],
    ['a', text('a', 'len'), 'len'],
    ['A', text('A', 'len'), 'len'],
    ['u', u('資源 🚀'), '資源 🚀'],
    ['t', text('t', 'len'), 'len'],
    ['s', text('s', 'len'), 'len'],
    ['N', hex('4e'), null],
    ['T', hex('54'), true],
    ['F', hex('46'), false],
  ])('%s', (_, bytes, value) => {
    expect(read(bytes)).toEqual(value);
  });

  test('StopIteration and Ellipsis have no payload', () => {
    expect(itemsOf(tuple(hex('53'), hex('2e'), i(5))).slice(2)).toEqual([5]);
  });

  test('-0.0 stays what it is', () => {
    expect(Object.is(read(g(-0)), -0)).toBe(true);
  });

  test('keeps repeated keys', () => {
    expect(read(dict([i(1), i(2)], [i(1), i(3)]))).toEqual({
      type: 'dict',
      entries: [
        [1, 2],
        [1, 3],
      ],
    });
  });

  test('returns the end and does not read what follows', () => {
    expect(readMarshal(join(dict(), Buffer.from('and more')))).toMatchObject({ end: 2 });
  });

  test('reads a view of a larger buffer from its own start', () => {
    const whole = join(Buffer.alloc(13, 0xff), tuple(g(0.5), u('é'), i(-7)), Buffer.alloc(3, 0xff));
    const view = new Uint8Array(whole.buffer, whole.byteOffset + 13, whole.length - 16);
    expect(itemsOf(view)).toEqual([0.5, 'é', -7]);
  });
});

describe('strings', () => {
  test.each([
    ['a high surrogate', 'ed a0 80', '\ud800'],
    ['a low surrogate between letters', '61 ed b3 bf 62', 'a\udcff' + 'b'],
    ['a character of four bytes', 'f0 9f 9a 80', '🚀'],
    ['a byte order mark in front', 'ef bb bf 61', '\ufeffa'],
  ])('u: %s', (_, digits, value) => {
    const body = hex(digits);
    expect(read(join(typed('u', body.length), body))).toBe(value);
  });

  test('s of Python 2 is UTF-8 if valid, else Latin-1', () => {
    expect(read(join(typed('s', 2), hex('c3a9')))).toBe('é');
    expect(read(join(typed('s', 4), hex('636166e9')))).toBe('café');
    expect(read(join(typed('t', 4), hex('636166e9')))).toBe('café');
  });

  test('t of Python 3 may hold a lone surrogate, as u may', () => {
    expect(read(join(typed('t', 5), hex('61 edb280 62')))).toBe('a\udc80b');
    expect(read(join(typed('t', 6), hex('c3a9 edb280 62')))).toBe('é\udc80b');
  });

  test('z and a hold one byte for each character, and CPython takes it as Latin-1', () => {
    expect(read(short('z', 'é'))).toBe('é');
    expect(read(text('a', 'é'))).toBe('é');
  });

  test('R refers to strings of type t only', () => {
    expect(itemsOf(tuple(text('t', 'a'), text('s', 'b'), text('t', 'c'), typed('R', 0), typed('R', 1)))).toEqual([
      'a',
      'b',
      'c',
      'a',
      'c',
    ]);
  });
});

describe('references', () => {
  test('a container takes its number before its items do', () => {
    const inner = flagged(tuple(flagged(i(5)), i(6)));
    expect(itemsOf(tuple(inner, r(0), r(1)))).toEqual([
      { type: 'tuple', items: [5, 6] },
      { type: 'tuple', items: [5, 6] },
      5,
    ]);
  });

  test('every type may be referred to', () => {
    const kinds = [i(1), hex('49 0200000000000000'), l(2n ** 70n), g(0.5), short('f', '1.5'), short('z', 'z')];
    kinds.push(short('Z', 'Z'), text('a', 'a'), text('A', 'A'), u('é'), text('t', 't'), text('s', 's'));
    kinds.push(tuple(i(7)), hex('29 01 69 08000000'), list(i(9)), dict([i(1), i(2)]));
    const items = itemsOf(tuple(...kinds.map(flagged), ...kinds.map((_, at) => r(at))));
    expect(items.slice(kinds.length)).toEqual(items.slice(0, kinds.length));
    expect(items.slice(kinds.length)).toEqual(itemsOf(tuple(...kinds)));
  });

  test('a value without the flag has no number', () => {
    expect(itemsOf(tuple(u('not'), flagged(u('this')), r(0)))).toEqual(['not', 'this', 'this']);
  });

  test('R and r are numbered separately', () => {
    const both = flagged(text('t', 'both'));
    expect(itemsOf(tuple(text('t', 'old'), both, typed('R', 0), typed('R', 1), r(0)))).toEqual([
      'old',
      'both',
      'old',
      'both',
      'both',
    ]);
  });

  test.each([
    ['to nothing', tuple(r(0))],
    ['to nothing yet', tuple(r(0), flagged(i(1)))],
    ['to a value behind the last', tuple(flagged(i(1)), r(1))],
    ['below zero', tuple(flagged(i(1)), r(-1))],
    ['to the tuple that is being read', flagged(tuple(r(0)))],
    ['to the small tuple that is being read', hex('a9 01 72 00000000')],
    ['to the dict that is being read, as CPython may; a profile cannot', flagged(dict([hex('4e'), r(0)]))],
    ['R to nothing', tuple(typed('R', 0), text('t', 'a'))],
    ['R below zero', tuple(text('t', 'a'), typed('R', -1))],
    ['R to a string that is not interned', tuple(text('s', 'a'), typed('R', 0))],
  ])('malformed: %s', (_, bytes) => {
    expectMalformed(bytes);
  });
});

describe('large integers', () => {
  test.each([
    ['10,000 decimal digits', 10n ** 9_999n + 7n],
    ['10,000 of its own digits', (1n << 150_000n) - 1n],
    ['negative', -(10n ** 9_999n)],
  ])('%s', (_, value) => {
    expect(within(2_000, () => read(l(value)) === value)).toBe(true);
  });

  test('a million digits are read quickly', () => {
    const digits = Array<number>(1_000_000).fill(0x7fff);
    within(10_000, () => {
      try {
        readMarshal(longOf(digits.length, digits));
      } catch (error) {
        expect(error).toBeInstanceOf(PstatError);
      }
    });
  });

  test.each([
    ['a digit of 2^15', longOf(1, [0x8000])],
    ['a highest digit of 0', longOf(2, [1, 0])],
  ])('malformed, as CPython says: %s', (_, bytes) => {
    expectMalformed(bytes);
  });
});

// ---- code objects --------------------------------------------------------------------------------------------------

/** By version: leading int32s, places of file and name among the eight objects (from 0), trailing objects. */
const LAYOUTS = {
  '2.7': { integers: 4, file: 6, name: 7, trailing: 1 },
  '3.0 to 3.7': { integers: 5, file: 6, name: 7, trailing: 1 },
  '3.8 to 3.10': { integers: 6, file: 6, name: 7, trailing: 1 },
  '3.11 to 3.13': { integers: 5, file: 5, name: 6, trailing: 2 },
};

type Layout = (typeof LAYOUTS)['2.7'];

interface Code {
  readonly file: string;
  readonly name: string;
  readonly line: number;
  readonly constants?: Bytes;
}

function codeObject(layout: Layout, { file, name, line, constants = tuple() }: Code): Bytes {
  const integers = Array.from({ length: layout.integers }, (_, at) => i(at).subarray(1));
  const objects = Array.from({ length: 8 }, (_, at) =>
    at === 1 ? constants : at === 0 ? text('s', '\x97\0') : tuple(),
  );
  objects[layout.file] = u(file);
  objects[layout.name] = u(name);
  if (layout.trailing === 2) objects[7] = u(`outer.<locals>.${name}`);
  const trailing = Array.from({ length: layout.trailing }, () => text('s', '\xf8'));
  return join(Buffer.from('c'), ...integers, ...objects, i(line).subarray(1), ...trailing);
}

/** A profile in which the code object is a function's name, as `python -m profile -o` writes it. */
function profileOf(...codes: Bytes[]): Bytes {
  const metrics = tuple(i(1), i(1), g(0.5), g(0.5), dict());
  return dict(...codes.map((code) => [tuple(u('profile'), i(0), code), metrics] as const));
}

function namesOf(bytes: Bytes): string[] {
  const profile = attempt(bytes);
  if (profile instanceof PstatError) throw profile;
  return rowsOf(profile).map(({ name }) => name);
}

describe.each(Object.entries(LAYOUTS))('code objects of Python %s', (_, layout) => {
  const small = { file: '/srv/app/main.py', name: '<module>', line: 7 };

  test('the reader knows this layout', () => {
    expect(CODE_LAYOUTS).toContainEqual(layout);
    expect(readMarshal(codeObject(layout, small), layout).value).toEqual({ type: 'code', ...small });
  });

  test('is recognized, and its label has no address', () => {
    expect(namesOf(profileOf(codeObject(layout, small)))).toEqual(['<code object <module>, line 7>']);
  });

  test('one may hold another', () => {
    const inner = codeObject(layout, { file: 'a.py', name: 'inner', line: 9 });
    const outer = codeObject(layout, { ...small, constants: tuple(hex('4e'), inner, inner) });
    expect(namesOf(profileOf(outer, inner))).toEqual(['<code object <module>, line 7>', '<code object inner, line 9>']);
  });

  test('one may be referred to', () => {
    const code = flagged(codeObject(layout, small));
    const caller = dict([tuple(u('profile'), i(0), r(0)), i(3)]);
    const bytes = dict(
      [tuple(u('profile'), i(0), code), tuple(i(1), i(1), g(0.5), g(0.5), dict())],
      [tuple(u('a.py'), i(1), u('f')), tuple(i(3), i(3), g(0.25), g(0.25), caller)],
    );
    expect(namesOf(bytes)).toEqual(['<code object <module>, line 7>', 'f']);
  });

  test('are malformed if they are cut at any byte', () => {
    const bytes = profileOf(codeObject(layout, small));
    for (let end = 0; end < bytes.length; end++) expect(attempt(bytes.subarray(0, end))).toBeInstanceOf(PstatError);
  });
});

/** `marshal.dumps({('profile', 0, f.__code__): (1, 1, 0.5, 0.5, {})})` where f is in line 7 and holds a lambda. */
const RECORDED = {
  '2.7':
    '7b2803000000740700000070726f66696c656900000000630100000002000000030000000700000073190000008800006404006b06008700006601006403008600006702005328050000004e69010000006902000000630000000000000000010000001300000073040000008800005328010000004e28000000002800000000280100000074010000006128000000007304000000612e707974080000003c6c616d6264613e0800000074000000002802000000690100000069020000002800000000280200000052010000007401000000622800000000280100000052010000007304000000612e7079740100000066070000007302000000000128050000006901000000690100000067000000000000e03f67000000000000e03f7b3030',
  '3.6':
    'fb2903da0770726f66696c65e900000000e301000000000000000200000004000000070000007314000000880064056b06870066016403640484086702530029064ee901000000e90200000063000000000000000000000000010000001300000073040000008800530029014ea90072060000002901da01617206000000fa04612e7079da083c6c616d6264613e0800000073000000007a13662e3c6c6f63616c733e2e3c6c616d6264613e290272040000007205000000720600000029027207000000da01627206000000290172070000007208000000da01660700000073020000000001290572040000007204000000e7000000000000e03f720c0000007b3030',
  '3.7':
    '7b2903da0770726f66696c65e900000000e301000000000000000200000004000000070000007314000000880064016b06870066016402640384086702530029044e2902e901000000e90200000063000000000000000000000000010000001300000073040000008800530029014ea90072050000002901da01617205000000fa04612e7079da083c6c616d6264613e08000000f3000000007a13662e3c6c6f63616c733e2e3c6c616d6264613e720500000029027206000000da01627205000000290172060000007207000000da01660700000073020000000001290572030000007203000000e7000000000000e03f720c0000007b3030',
  '3.8':
    '7b2903da0770726f66696c65e900000000e30100000000000000000000000200000004000000070000007314000000880064016b06870066016402640384086702530029044e2902e901000000e9020000006300000000000000000000000000000000010000001300000073040000008800530029014ea9007205000000a901da01617205000000fa04612e7079da083c6c616d6264613e08000000f3000000007a13662e3c6c6f63616c733e2e3c6c616d6264613e720500000029027207000000da0162720500000072060000007208000000da01660700000073020000000001290572030000007203000000e7000000000000e03f720d0000007b3030',
  '3.10':
    '7b2903da0770726f66696c65e900000000e30100000000000000000000000200000004000000070000007314000000880064017600870066016402640384086702530029044e2902e901000000e9020000006300000000000000000000000000000000010000001300000073040000008800530029014ea9007205000000a901da01617205000000fa04612e7079da083c6c616d6264613e08000000730200000004007a13662e3c6c6f63616c733e2e3c6c616d6264613e720500000029027207000000da0162720500000072060000007208000000da01660700000073020000001401290572030000007203000000e7000000000000e03f720c0000007b3030',
  '3.11':
    '7b2903da0770726f66696c65e900000000e30100000000000000000000000300000007000000f3160000008700970089006401760088006601640284086702530029034e2902e901000000e902000000630000000000000000000000000100000013000000f308000000950197008900530029014ea9002901da0161730100000080fa04612e7079fa083c6c616d6264613e7a13662e3c6c6f63616c733e2e3c6c616d6264613e080000007307000000f8800098618000f300000000720700000029027208000000da0162730200000060207209000000da0166720d000000070000007318000000f88000d80a0b8875882a9069906990699069d00920d00220720b000000290572040000007204000000e7000000000000e03f720e0000007b3030',
  '3.13':
    '7b2903da0770726f66696c65e900000000e30100000000000000000000000300000007000000f31a0000005e009500540053013b0000005500340153021a006a082f02240029034e2902e901000000e902000000630000000000000000000000000100000013000000f3080000003e0195005400240029014ea9002901da0161730100000080da04612e7079da083c6c616d6264613eda13662e3c6c6f63616c733e2e3c6c616d6264613e080000007305000000f880009961f300000000720700000029027208000000da0162730200000060207209000000da0166720e000000070000007312000000f88000d80a0b8875892a9469d00920d00220720c000000290572040000007204000000e7000000000000e03f720f0000007b3030',
};

describe('code objects as CPython wrote them', () => {
  test.each(Object.entries(RECORDED))('%s', (_, digits) => {
    expect(namesOf(hex(digits))).toEqual(['<code object f, line 7>']);
  });

  // A script with `x in {1, 2}` or `2j` has such constants, and `python -m profile -o` writes them.
  test.each([
    ['a frozenset, as `x in {1, 2}` makes', join(typed('>', 2), i(1), i(2))],
    ['a set', join(typed('<', 1), i(1))],
    ['a complex number', join(Buffer.from('y'), g(0).subarray(1), g(2).subarray(1))],
    ['a complex number as text', join(Buffer.from('x'), short('f', '0').subarray(1), short('f', '2').subarray(1))],
  ])('among the constants: %s', (_, constant) => {
    const code = codeObject(LAYOUTS['3.11 to 3.13'], {
      file: 'a.py',
      name: 'f',
      line: 7,
      constants: tuple(constant, i(1)),
    });
    expect(namesOf(profileOf(code))).toEqual(['<code object f, line 7>']);
  });
});

// ---- malformed -----------------------------------------------------------------------------------------------------

describe('is malformed:', () => {
  test.each([...'([lzZaAutsfcr{'])('%s with a length beyond the file', (type) => {
    const oneByte = 'zZf'.includes(type);
    expectMalformed(
      oneByte ? join(Buffer.from(type), hex('ff 61')) : join(typed(type, 0x7fffffff), hex('69 01000000')),
    );
  });

  test.each([...'([laAutsrR'])('%s that ends within its length', (type) => {
    for (const digits of ['', '01', '0100', '010000']) expectMalformed(join(Buffer.from(type), hex(digits)));
  });

  test.each(['i', 'I', 'g', 'z', 'Z', 'f', ')', 'c', '{'])('%s that ends at once', (type) => {
    expectMalformed(Buffer.from(type));
  });

  test.each([...'([aAutsrR'])('%s with a length below zero', (type) => {
    expectMalformed(join(typed(type, -1), Buffer.from('NNNN')));
    expectMalformed(join(typed(type, -(2 ** 31)), Buffer.from('NNNN')));
  });

  test('a large integer whose length is the least int32', () => {
    expectMalformed(typed('l', -(2 ** 31)));
  });

  test('a length beyond the file, at no cost of memory', () => {
    within(2_000, () => {
      for (let times = 0; times < 200; times++) for (const type of '([lut') expectMalformed(typed(type, 0x7fffffff));
    });
  });

  test('a length beyond the file, with a flag and an outer container', () => {
    expectMalformed(dict([tuple(flagged(typed('(', 0x0fffffff))), i(1)]));
  });

  test.each(['', 'abc', '1_0', '1,5', '1e', '--1', '0x10', '0b1', ' 1', '1 '])('a float of the text %j', (digits) => {
    expectMalformed(short('f', digits));
  });

  test('every byte that is not a type', () => {
    const types = new Set([...'{0()[iIlgfzZaAutsRrNTFS.c<>xyO'].map((type) => type.charCodeAt(0)));
    for (let byte = 0; byte < 128; byte++) {
      if (types.has(byte)) continue;
      const noValue = join(Uint8Array.of(byte), Buffer.alloc(64));
      expectMalformed(noValue);
      expectMalformed(tuple(noValue));
    }
  });

  test('the end of a dict outside a dict', () => {
    expectMalformed(hex('30'));
    expectMalformed(tuple(hex('30')));
    expectMalformed(list(i(1), hex('30')));
  });

  test('an empty file', () => {
    expectMalformed(new Uint8Array());
  });

  test('nesting deeper than in any profile', () => {
    const depth = 1_000_000;
    const openings = {
      tuple: hex('28 01000000'),
      small: hex('29 01'),
      list: hex('5b 01000000'),
      dict: hex('7b 4e'),
      key: hex('7b'),
    };
    for (const opening of Object.values(openings)) {
      for (const one of [opening, flagged(opening)]) {
        const bytes = Buffer.alloc(depth * opening.length, one);
        within(5_000, () => expectMalformed(bytes));
      }
    }
  });

  test('nesting of 100,000 code objects', () => {
    const opening = join(Buffer.from('c'), Buffer.alloc(20), text('s', ''), hex('29 01'));
    within(5_000, () => expectMalformed(Buffer.alloc(100_000 * opening.length, opening)));
  });

  test('but not nesting of 100 values', () => {
    let value: Bytes = i(1);
    for (let depth = 0; depth < 100; depth++) value = tuple(value);
    expect(itemsOf(value)).toHaveLength(1);
  });
});

describe('a small file that stands for a large value', () => {
  test('may have tuples that hold the one before twice', () => {
    const parts: Bytes[] = [flagged(tuple(i(1), i(2)))];
    for (let at = 0; at < 60; at++) parts.push(flagged(tuple(r(at), r(at))));
    // The outer tuple has no flag, so the first part is number 0. Expanded, the value has 2^60 leaves.
    within(2_000, () => expect(itemsOf(tuple(...parts))).toHaveLength(61));
  });

  test('is refused in every place of a profile', () => {
    const bomb = (): Bytes => {
      const parts: Bytes[] = [flagged(tuple(i(1), i(2)))];
      for (let at = 0; at < 60; at++) parts.push(flagged(tuple(r(at), r(at))));
      return tuple(...parts);
    };
    const metrics = tuple(i(1), i(1), g(0.5), g(0.5), dict());
    const key = tuple(u('a.py'), i(1), u('f'));
    const places: Bytes[] = [
      dict([bomb(), metrics]),
      dict([tuple(bomb(), i(1), u('f')), metrics]),
      dict([tuple(u('a.py'), bomb(), u('f')), metrics]),
      dict([tuple(u('a.py'), i(1), bomb()), metrics]),
      dict([key, bomb()]),
      dict([key, tuple(bomb(), i(1), g(0.5), g(0.5), dict())]),
      dict([key, tuple(i(1), i(1), bomb(), g(0.5), dict())]),
      dict([key, tuple(i(1), i(1), g(0.5), g(0.5), bomb())]),
      dict([key, tuple(i(1), i(1), g(0.5), g(0.5), dict([bomb(), i(1)]))]),
      dict([key, tuple(i(1), i(1), g(0.5), g(0.5), dict([key, bomb()]))]),
    ];
    for (const bytes of places) within(2_000, () => expect(refusalOf(bytes).message.length).toBeLessThan(500));
  });

  test('is refused if its dict is its own callers', () => {
    const key = tuple(u('a.py'), i(1), u('f'));
    within(2_000, () => {
      expect(attempt(flagged(dict([key, tuple(i(1), i(1), g(0.5), g(0.5), r(0))])))).toBeInstanceOf(PstatError);
    });
  });

  test('may have callers that three functions share', () => {
    const profile = attempt(sharedCallers(3));
    if (profile instanceof PstatError) throw profile;
    expect(rowsOf(profile)).toHaveLength(3);
    expect(edgesOf(profile)).toHaveLength(9);
  });

  test('may not have 400 million edges in 600 kB, by callers that many functions share', () => {
    const bytes = sharedCallers(20_000);
    expect(bytes.length).toBeLessThan(700_000);
    const before = process.memoryUsage().rss;
    within(10_000, () => attempt(bytes));
    expect(process.memoryUsage().rss - before).toBeLessThan(1e9);
  });
});

describe('one long text that many functions share', () => {
  /** A path of `length` letters, that every function refers to. */
  function sharedPath(length: number, functions: number): Bytes {
    const name = short('z', '');
    const first = [
      tuple(flagged(u('x'.repeat(length))), i(0), name),
      flagged(tuple(i(1), i(1), g(0.5), g(0.5), dict())),
    ] as const;
    const others = Array.from({ length: functions - 1 }, (_, at) => [tuple(r(0), i(at + 1), name), r(1)] as const);
    return dict(first, ...others);
  }

  test('is read', () => {
    const profile = attempt(sharedPath(1000, 100));
    if (profile instanceof PstatError) throw profile;
    expect(rowsOf(profile).map(({ line }) => line)).toEqual(Array.from({ length: 100 }, (_, at) => at));
  });

  // A path of 1 MB and 10,000 functions are a file of 1.2 MB; copied for every function it is 10 GB.
  test('is not copied: 160 kB of file mean 300 MB of letters', () => {
    const bytes = sharedPath(100_000, 3_000);
    expect(bytes.length).toBeLessThan(180_000);
    const before = process.memoryUsage().rss;
    const profile = within(5_000, () => attempt(bytes));
    expect(process.memoryUsage().rss - before).toBeLessThan(100e6);
    expect(profile).toBeDefined();
  });
});

/**
 * Functions that share one value, in which every function is a caller: 30 bytes per function, count² edges.
 * References: 0 the first key, 1 the value, 2 the callers, 3 the edge, 4 and on the other keys.
 */
function sharedCallers(count: number): Bytes {
  const keyOf = (line: number) => flagged(tuple(short('z', ''), i(line), short('z', '')));
  const others = Array.from({ length: count - 1 }, (_, at) => at + 1);
  const edge = flagged(tuple(i(1), i(1), g(0.5), g(0.5)));
  const callers = dict([r(0), edge], ...others.map((line) => [keyOf(line), r(3)] as const));
  const value = tuple(i(1), i(1), g(0.5), g(0.5), flagged(callers));
  return dict([keyOf(0), flagged(value)], ...others.map((line) => [r(3 + line), r(1)] as const));
}

describe('a whole file, as CPython 3.11 wrote it', () => {
  const VECTOR = hex(
    'fba903fa0c2f6170702f6d61696e2e7079e901000000fa083c6d6f64756c653e290572030000007203000000e7000000000000d03f' +
      'e7000000000000f03f7b30a9037202000000e914000000da0668616e646c652905e902000000720a000000e7000000000000e03f' +
      'e7000000000000e83f7b7201000000a904720a000000720a000000720b000000720c00000030a903fa017ee900000000fa1e3c62' +
      '75696c742d696e206d6574686f64206275696c74696e732e6c656e3e2905e9050000007212000000720500000072050000007b72' +
      '07000000a90472120000007212000000720500000072050000003030',
  );

  test('has its three functions', () => {
    const profile = attempt(VECTOR);
    if (profile instanceof PstatError) throw profile;
    expect(profTableOf(profile)).toEqual([
      ['/app/main.py', 1, '<module>', 1, 1, 0.25, 1],
      ['/app/main.py', 20, 'handle', 2, 2, 0.5, 0.75],
      ['~', 0, '<built-in method builtins.len>', 5, 5, 0.25, 0.25],
    ]);
  });

  test('is malformed if it is cut at any byte', () => {
    for (let end = 3; end < VECTOR.length; end++) {
      expect(refusalOf(VECTOR.subarray(0, end))).toMatchObject({ kind: 'malformed' });
    }
    for (let end = 0; end < 3; end++) expect(refusalOf(VECTOR.subarray(0, end))).toBeInstanceOf(PstatError);
  });
});
