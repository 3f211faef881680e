/** Misspelt words are answered with the nearest known one. */

import { expect, test } from 'vitest';
import { pstat } from '../support/cli.ts';

const PROFILE = 'samples/resource-providers.cpuprofile';

test.each([
  ['tpo nope.prof', 'pstat: tpo: no such file or folder; did you mean `pstat top nope.prof`?'],
  ['calers main nope.prof', 'pstat: calers: no such file or folder; did you mean `pstat callers main nope.prof`?'],
  [
    `compar a b --fail-above 5%`,
    'pstat: --fail-above does not go with top, but with compare and ab; did you mean `pstat compare a b --fail-above 5%`?',
  ],
  [`${PROFILE} --sotr tottime`, 'did you mean --sort?'],
  [`${PROFILE} --sort totime`, 'did you mean tottime?'],
  [`${PROFILE} --sort cumtim,tottme`, 'did you mean tottime?'],
  [`${PROFILE} --format pstats --sort cumulatve`, 'did you mean cumulative?'],
  ['requests samples/before --sort toal', 'did you mean total?'],
  [
    `${PROFILE} --by pakage`,
    "--by 'pakage' is not function, file, package, category, line or owner; did you mean package?",
  ],
  [`${PROFILE} --format jsno`, 'did you mean json?'],
  ['compare a b --time elapse', 'did you mean elapsed?'],
  ['compare a b --fail-on functions', 'did you mean function?'],
  ['help formatts', 'did you mean formats?'],
])('pstat %s names the nearest word', async (command, message) => {
  const { stdout, stderr, code } = await pstat(command.split(' '));
  expect(stderr).toContain(message);
  expect(stderr.trimEnd()).not.toContain('\n');
  expect([stdout, code]).toEqual(['', 2]);
});

test.each(['zzz', 'nope.prof', '--by folder', '--sort zzz', '--quux'])(
  'pstat %s names no word, because none is near',
  async (command) => {
    const { stderr, code } = await pstat([...command.split(' '), PROFILE]);
    expect(stderr).not.toContain('did you mean');
    expect(code).toBe(2);
  },
);

test('reads a file whose name is near to a command', async () => {
  expect((await pstat(['./samples/resource-providers.cpuprofile'])).code).toBe(0);
  expect((await pstat(['top', 'tpo'])).stderr).toBe('pstat: tpo: no such file or folder\n');
});

test.each([[[]], [['--json']]])('names the nearest functions if FUNCTION matches nothing %j', async (options) => {
  const { stdout, code } = await pstat(['callers', 'serialiseLinks', PROFILE, ...options]);
  expect(stdout).toMatch(/nearest names: serializeLinks, /);
  expect(code).toBe(1);
});

test('names the nearest functions in the shell', async () => {
  const stdin = Buffer.from('callers serialiseLinks\n');
  const { stdout } = await pstat(['shell', PROFILE], { stdin });
  expect(stdout).toContain('nearest names: serializeLinks, ');
});
