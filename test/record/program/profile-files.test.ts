/** How the file of a recorded thread is written. */

import { lstatSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { isWrittenInPlace } from '../../../src/base/recording-files.ts';
import { prepareTarget, writeProfile } from '../../../src/record/program/profile-files.ts';
import { ThreadProfile } from '../../../src/record/program/thread-profile.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

async function write(file: string): Promise<void> {
  await prepareTarget({ dir: path.dirname(file), output: file });
  await writeProfile(file, new ThreadProfile());
}

test('a file is replaced as a whole, and a link to a file by a file', async () => {
  const dir = temporaryFolder('profile');
  const [file, link] = [path.join(dir, 'file'), path.join(dir, 'link')];
  writeFileSync(file, 'before');
  symlinkSync(file, link);
  await write(link);
  expect(lstatSync(link).isFile()).toBe(true);
  expect(JSON.parse(readFileSync(link, 'utf8'))).toMatchObject({ samples: [] });
  expect([readFileSync(file, 'utf8'), readdirSync(dir).sort()]).toEqual(['before', ['file', 'link']]);
});

test.skipIf(process.platform === 'win32')('a device is written in place, and a link to it stays', async () => {
  const link = path.join(temporaryFolder('profile'), 'link');
  symlinkSync('/dev/null', link);
  await write(link);
  expect(lstatSync(link).isSymbolicLink()).toBe(true);
  await write('/dev/null');
  expect(lstatSync('/dev/null').isCharacterDevice()).toBe(true);
});

test('what /dev/stdout leads to is written in place, also if it is a file', () => {
  const file = { isFile: () => true };
  expect(isWrittenInPlace('/dev/stdout', file)).toBe(true);
  expect(isWrittenInPlace('out.cpuprofile', file)).toBe(false);
  expect(isWrittenInPlace('out.cpuprofile', null)).toBe(false);
});
