import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { completeLine } from '../../src/cli/shell/completion.ts';
import { Session } from '../../src/cli/shell/session.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const session = new Session({ load: {}, withProgress: (act) => act(undefined), idle: false, format: null });
const folder = temporaryFolder('completion');

beforeAll(async () => {
  mkdirSync(path.join(folder, 'a folder'));
  writeFileSync(path.join(folder, 'a file.prof'), '');
  writeFileSync(path.join(folder, '.hidden'), '');
  await session.read('samples/GET.resource_providers.prof');
});

const offered = (line: string) => completeLine(line, session)[0];

describe('completion by Tab', () => {
  test.each([
    ['st', ['stats ', 'strip ']],
    ['  qu', ['quit ']],
    ['sort c', ['calls', 'cumtime', 'cumulative']],
    ['sort calls n', ['ncalls', 'name', 'nfl']],
    ['help re', ['read', 'reverse']],
    ['by fi', ['file']],
    ['format m', ['markdown']],
    ['callers _serialize_l', ['_serialize_links']],
    ['stats 5 <lis', ['<listcomp>']],
    ['filter isin', ['isinstance']],
    ['callees builtins.isin', ['builtins.isinstance']],
    ['quit x', []],
    ['nothing x', []],
  ])('completes %j with %j', (line, expected) => {
    expect(offered(line).filter((word) => !expected.includes(word))).toEqual([]);
    if (line !== 'filter isin') expect(offered(line)).toEqual(expected);
  });

  test('completes file names with blanks', () => {
    expect(completeLine(`read ${folder}/a f`, session)).toEqual([
      [`${folder}/a file.prof`, `${folder}/a folder/`],
      `${folder}/a f`,
    ]);
    expect(offered(`add ${folder}/`)).toHaveLength(2);
    expect(offered(`compare ${folder}/.h`)).toEqual([`${folder}/.hidden`]);
    expect(offered(`stats 5 > ${folder}/.h`)).toEqual([`${folder}/.hidden`]);
    expect(offered('read no/such/folder/')).toEqual([]);
  });
});
