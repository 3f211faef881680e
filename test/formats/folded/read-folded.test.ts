import { expect, test } from 'vitest';
import { readProfile } from '../../../src/index.ts';

test('a first stack of more than the head of the file is read', () => {
  const frames = Array.from({ length: 20_000 }, (_, i) => `f${i % 50}`);
  const profile = readProfile(Buffer.from(`${frames.join(';')} 7\nmain;f1 3\n`), 'deep.folded');
  expect('callTree' in profile && [profile.callTree.length, profile.duration]).toEqual([20_003, 10]);
});
