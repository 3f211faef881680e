import { describe, expect, test } from 'vitest';
import { missingFileNotes, processOf, recordedAt, routeOf } from '../src/recording-names.ts';

const NODE = 'runs/CPU.20261122.072148.13516.1.002.cpuprofile';
const REQUEST = 'profiles/GET.resource_providers.000108ms.1552408596.prof';

describe('the route of a request', () => {
  test.each([
    [REQUEST, 'GET.resource_providers'],
    ['GET.root.12.5ms.1552408596.cpuprofile.gz', 'GET.root'],
    ['C:\\profiles\\POST.a.b.7ms.1552408596.prof', 'POST.a.b'],
  ])('%s', (source, route) => {
    expect(routeOf(source)).toBe(route);
  });

  test.each([NODE, 'before.prof', 'GET.x.108ms.prof', 'GET.x.108ms.1552408596.txt', ''])('none: %s', (source) => {
    expect(routeOf(source)).toBeNull();
  });
});

describe('when it was recorded', () => {
  test('a request, in seconds since 1970', () => {
    expect(recordedAt(REQUEST)).toBe(1_552_408_596);
  });

  test('Node’s own, in seconds of that machine', () => {
    expect(recordedAt(NODE)).toBe(Date.UTC(2026, 10, 22, 7, 21, 48) / 1000);
    expect(recordedAt(`${NODE}.gz`)).toBe(recordedAt(NODE));
  });

  test('any other', () => {
    expect(recordedAt('before.prof')).toBeNull();
    expect(recordedAt('CPU.2026.07.1.0.001.cpuprofile')).toBeNull();
  });
});

describe('the process', () => {
  test('its main thread and its workers have one', () => {
    expect(processOf('runs/CPU.20261122.072149.13516.0.001.cpuprofile')).toBe(processOf(NODE));
  });

  test('of another folder or number is another', () => {
    expect(processOf('other/CPU.20261122.072148.13516.1.002.cpuprofile')).not.toBe(processOf(NODE));
    expect(processOf('runs/CPU.20261122.072148.13517.1.002.cpuprofile')).not.toBe(processOf(NODE));
  });

  test('is not known of other names', () => {
    expect(processOf(REQUEST)).toBeNull();
    expect(processOf('before.cpuprofile')).toBeNull();
  });
});

describe('files of a process that are not here', () => {
  const files = (...numbers: number[]) =>
    numbers.map((number) => `CPU.20261122.072148.9.${number}.00${number}.cpuprofile`);

  test('are told', () => {
    expect(missingFileNotes(files(1, 2, 4))).toEqual([
      'process 9 wrote a file 003 that is not here: the time of a worker is not counted',
    ]);
  });

  test('none is missing, or one file says nothing of others', () => {
    expect(missingFileNotes(files(1, 2, 3))).toEqual([]);
    expect(missingFileNotes(files(4))).toEqual([]);
    expect(missingFileNotes([REQUEST, 'before.prof'])).toEqual([]);
  });
});
