/** Tests names of recordings: missing files, requests, and times of recording. */

import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import {
  findMissingFiles,
  parseProcessFile,
  parseRecordingTime,
  parseRequestName,
} from '../../src/base/recording-files.ts';
import { loadProfile } from '../../src/index.ts';
import { pstat } from '../support/cli.ts';
import { json, plain } from '../support/documents.ts';
import { noteTexts } from '../support/notes.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

/** Node's names: date, process, thread, and a number that the process increments. */
function named(pid: number, number: number, thread = number - 1): string {
  return `CPU.20260102.030405.${pid}.${thread}.${String(number).padStart(3, '0')}.cpuprofile`;
}

const numbers = (...list: readonly number[]) => list.map((number) => named(1234, number));

describe('findMissingFiles', () => {
  test.each<[string, string[], number[]]>([
    ['none missing', numbers(1, 2, 3), []],
    ['none missing, in no order', numbers(3, 1, 2), []],
    ['one in the middle', numbers(1, 3), [2]],
    ['the first, which is the main thread', numbers(2, 3), [1]],
    ['several', numbers(1, 4, 6), [2, 3, 5]],
    ['all but two of a thousand', [...numbers(1), named(1234, 1000)], []], // somebody chose these two
    ['20, the most that is said', numbers(1, 22), Array.from({ length: 20 }, (_, i) => i + 2)],
    ['21', numbers(1, 23), []],
    ['all but two of any number', [...numbers(1), named(1234, 9e14)], []],
    ['one file alone: somebody chose it', numbers(3), []],
    ['one file named twice', numbers(2, 2), []],
    ['no file', [], []],
  ])('%s', (_, sources, missing) => {
    expect(findMissingFiles(sources)).toEqual(missing.length === 0 ? [] : [{ pid: '1234', numbers: missing }]);
  });

  test('finds those of each process separately', () => {
    const sources = [named(1, 1), named(2, 2), named(1, 2), named(2, 4), named(3, 1), named(3, 3)];
    expect(findMissingFiles(sources)).toEqual([
      { pid: '2', numbers: [1, 3] },
      { pid: '3', numbers: [2] },
    ]);
  });

  test('treats folders separately, and .gz files alike', () => {
    expect(findMissingFiles([`a/b/${named(7, 1)}`, `a/b/${named(7, 3)}.gz`])).toHaveLength(1);
    expect(findMissingFiles([`a/b/${named(7, 1)}`, `/srv/${named(7, 3)}.gz`])).toEqual([]);
    expect(findMissingFiles([`C:\\profiles\\${named(7, 1)}`, `C:\\profiles\\${named(7, 3)}`])).toHaveLength(1);
  });

  test('reads numbers beyond 999', () => {
    expect(findMissingFiles([named(7, 999), named(7, 1001)].concat(named(7, 998)))).toEqual([]);
    const most = Array.from({ length: 1001 }, (_, i) => named(7, i + 1)).filter((name) => !name.includes('.999.1000.'));
    expect(findMissingFiles(most)).toEqual([{ pid: '7', numbers: [1000] }]);
  });

  test.each([
    'profile.cpuprofile',
    'CPU.cpuprofile',
    'CPU.20260102.030405.1234.0.cpuprofile',
    'CPU.20260102.030405.1234.0.2.cpuprofile',
    'CPU.20260102.030405.1234.0.002.json',
    'Heap.20260102.030405.1234.0.002.heapprofile',
    'standard input',
  ])('ignores the name %s', (name) => {
    expect(findMissingFiles([name, named(1234, 1)])).toEqual([]);
    expect(findMissingFiles([name, name.replace('002', '004')])).toEqual([]);
  });
});

describe('files of a folder', () => {
  let folder = '';

  beforeEach(() => {
    folder = temporaryFolder('names');
  });

  const put = (name: string) => {
    writeFileSync(path.join(folder, name), json(plain()));
    return path.join(folder, name);
  };

  test('are noted on the profile', async () => {
    for (const number of [1, 3]) put(named(9, number));
    const notes = noteTexts(await loadProfile(folder));
    // Heap profiles share the sequence of numbers: their numbers are not missing.
    expect(notes).toEqual([
      'process 9 wrote a file 002 that is not here: a heap profile or a report, or a thread whose time is not counted',
    ]);
    const { stdout } = await pstat([folder], { columns: 200 });
    expect(stdout).toContain('note: process 9 wrote a file 002');
  });

  test('may have other kinds of files for missing numbers', async () => {
    for (const number of [1, 3, 7]) put(named(9, number));
    const other = (number: number, name: string, text = '{"head":{"selfSize":0}}') =>
      writeFileSync(path.join(folder, name.replace('NUMBER', `20260102.030405.9.0.00${number}`)), text);
    other(2, 'Heap.NUMBER.heapprofile');
    other(4, 'Heap.NUMBER.heapsnapshot');
    other(5, 'report.NUMBER.json');
    expect(noteTexts(await loadProfile(folder)).slice(1)).toEqual([expect.stringMatching(/a file 006 that/)]);
    other(6, 'CPU.NUMBER.cpuprofile', '');
    expect(noteTexts(await loadProfile(folder)).slice(1)).toEqual([expect.stringMatching(/a file 006 that/)]);
  });

  test('are noted if named one by one', async () => {
    const files = [put(named(9, 2)), put(named(9, 1))];
    expect(noteTexts(await loadProfile(files))).toEqual([]);
    expect(noteTexts(await loadProfile([...files, put(named(9, 4))]))).toHaveLength(1);
  });
});

const NODE = 'runs/CPU.20261122.072148.13516.1.002.cpuprofile';
const REQUEST = 'profiles/GET.resource_providers.000108ms.1552408596.prof';

describe('parseRequestName', () => {
  test.each([
    [REQUEST, { method: 'GET', dottedPath: 'resource_providers', elapsed: 108_000, time: 1_552_408_596 }],
    // Werkzeug writes whole ms: the number before is an id in the path.
    [
      'GET.servers.12.5ms.1552408596.cpuprofile.gz',
      { method: 'GET', dottedPath: 'servers.12', elapsed: 5000, time: 1_552_408_596 },
    ],
    [
      'C:\\profiles\\POST.a.b.7ms.1552408596.prof',
      { method: 'POST', dottedPath: 'a.b', elapsed: 7000, time: 1_552_408_596 },
    ],
    [
      'GET.a.b.000108ms.1552408596.2.cpuprofile',
      { method: 'GET', dottedPath: 'a.b', elapsed: 108_000, time: 1_552_408_596 },
    ],
    // django-extensions writes no method.
    ['a.b.7ms.1552408596.prof', { method: null, dottedPath: 'a.b', elapsed: 7000, time: 1_552_408_596 }],
  ])('%s', (source, name) => {
    expect(parseRequestName(source)).toEqual(name);
  });

  test.each([NODE, 'before.prof', 'GET.x.108ms.prof', 'GET.x.108ms.1552408596.txt', ''])('is not %j', (source) => {
    expect(parseRequestName(source)).toBeNull();
  });
});

describe('the time of recording', () => {
  test('is in the name of a request, in seconds since 1970', () => {
    expect(parseRecordingTime(REQUEST)).toBe(1_552_408_596);
  });

  test("is in Node's name, in local time", () => {
    expect(parseRecordingTime(NODE)).toBe(Date.UTC(2026, 10, 22, 7, 21, 48) / 1000);
    expect(parseRecordingTime(`${NODE}.gz`)).toBe(parseRecordingTime(NODE));
  });

  test('is null for other names', () => {
    expect(parseRecordingTime('before.prof')).toBeNull();
    expect(parseRecordingTime('CPU.2026.07.1.0.001.cpuprofile')).toBeNull();
  });
});

describe("the process in Node's name", () => {
  test('is the same for files of one folder and day', () => {
    const [first, second] = ['a/CPU.20261122.072148.7.0.001.cpuprofile', 'a/CPU.20261122.235959.7.1.002.cpuprofile'];
    expect(parseProcessFile(first)?.process).toBe(parseProcessFile(second)?.process);
    expect([parseProcessFile(first)?.number, parseProcessFile(second)?.number]).toEqual([1, 2]);
  });

  test.each([
    'b/CPU.20261122.072148.7.0.001.cpuprofile',
    'a/CPU.20261123.072148.7.0.001.cpuprofile',
    'a/CPU.20261122.072148.8.0.001.cpuprofile',
  ])('is different for %s', (other) => {
    expect(parseProcessFile(other)?.process).not.toBe(
      parseProcessFile('a/CPU.20261122.072148.7.0.001.cpuprofile')?.process,
    );
  });

  test.each(['run.cpuprofile', 'Heap.20261122.072148.7.0.001.heapprofile', REQUEST])('is null for %s', (source) => {
    expect(parseProcessFile(source)).toBeNull();
  });
});
