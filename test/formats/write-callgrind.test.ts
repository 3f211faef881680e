/** Callgrind files, as a reader that shares no code with the writer reads them. */

import { expect, test } from 'vitest';
import { writeCallgrind } from '../../src/formats/callgrind/write-callgrind.ts';
import { type Profile, readProfile } from '../../src/index.ts';
import { type CallgrindFile, readCallgrind } from '../support/callgrind.ts';
import { type Key, prof } from '../support/marshal.ts';
import { profileOf } from '../support/stacks.ts';

function written(profile: Profile): CallgrindFile {
  const { bytes } = writeCallgrind([{ profile, name: 'x', labels: new Map() }], {});
  return readCallgrind(Buffer.from(bytes).toString());
}

/** The calls of `(root)`. */
function ofRoot({ edges }: CallgrindFile) {
  return edges
    .filter(({ caller }) => caller === '???:(root)')
    .map(({ callee, time, calls }) => [callee.split(':').at(-1), time, calls]);
}

test('(root) calls what is outermost in some stacks, with its time in these', () => {
  const profile = profileOf([
    { stack: ['f'], weight: 10 },
    { stack: ['f', 'g'], weight: 20 },
    { stack: ['g'], weight: 30 },
    { stack: ['g', 'f', 'g'], weight: 40 },
  ]);
  expect(ofRoot(written(profile))).toEqual([
    ['f', 30, 2],
    ['g', 70, 2],
  ]);
});

test('(root) makes the calls of a Python profile that no function of it makes', () => {
  const f: Key = ['a.py', 1, 'f'];
  const g: Key = ['a.py', 2, 'g'];
  const profile = prof(
    { key: f, cc: 1, nc: 1, tt: 1e-3, ct: 3e-3 },
    // Calls itself, too.
    {
      key: g,
      cc: 2,
      nc: 5,
      tt: 6e-3,
      ct: 6e-3,
      callers: [
        [f, [1, 1, 2e-3, 2e-3]],
        [g, [3, 3, 1e-3, 1e-3]],
      ],
    },
  );
  expect(ofRoot(written(readProfile(profile, 'x')))).toEqual([
    ['f', 3_000_000, 1],
    ['g', 4_000_000, 1],
  ]);
});

test('a time without a number of ns is 0', () => {
  const profile = prof({ key: ['a.py', 1, 'f'], cc: 1, nc: 1, tt: 1, ct: Number.POSITIVE_INFINITY });
  expect(ofRoot(written(readProfile(profile, 'x')))).toEqual([['f', 0, 1]]);
});
