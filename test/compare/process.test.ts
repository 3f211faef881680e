import { describe, expect, test } from 'vitest';
import { type Origin, processOf } from '../../src/compare/process.ts';
import { readRequestMetadata } from '../../src/formats/v8/request-metadata.ts';
import { runMetadata } from '../support/runs.ts';

function origin(source: string, run?: Parameters<typeof runMetadata>[0], worker?: readonly [number, number]): Origin {
  const facts = { method: 'GET', url: '/', pid: worker?.[0], thread: worker?.[1] };
  return {
    source,
    run: run === undefined ? undefined : runMetadata(run),
    request: worker === undefined ? undefined : (readRequestMetadata(facts) ?? undefined),
  };
}

const same = (a: Origin, b: Origin) => processOf(a) !== null && processOf(a) === processOf(b);

describe('two profiles are of one process', () => {
  test('if pstat.run has the same id, whatever their folders and pids', () => {
    expect(same(origin('a/1.cpuprofile', { id: 'x', pid: 1 }), origin('b/2.cpuprofile', { id: 'x', pid: 2 }))).toBe(
      true,
    );
  });

  test('if pid and folder are the same', () => {
    expect(same(origin('a/1.cpuprofile', { pid: 7 }), origin('a/2.cpuprofile', { pid: 7 }))).toBe(true);
    expect(same(origin('a\\1.cpuprofile', { pid: 7 }), origin('a\\2.cpuprofile', { pid: 7 }))).toBe(true);
  });

  test('if the request says the same pid, of any thread', () => {
    expect(same(origin('a/1.cpuprofile', undefined, [7, 0]), origin('a/2.cpuprofile', undefined, [7, 3]))).toBe(true);
  });

  test("if Node's file names have the same pid, day and folder", () => {
    expect(
      same(origin('a/CPU.20261122.072148.7.0.001.cpuprofile'), origin('a/CPU.20261122.072148.7.1.002.cpuprofile')),
    ).toBe(true);
  });
});

describe('two profiles are of two processes', () => {
  // In containers every server is pid 1.
  test('if their ids differ, though their pid and folder are the same', () => {
    expect(same(origin('a/1.cpuprofile', { id: 'x', pid: 1 }), origin('a/2.cpuprofile', { id: 'y', pid: 1 }))).toBe(
      false,
    );
  });

  test('if one pid is in two folders', () => {
    expect(same(origin('a/1.cpuprofile', { pid: 1 }), origin('b/1.cpuprofile', { pid: 1 }))).toBe(false);
    expect(same(origin('a/1.cpuprofile', undefined, [1, 0]), origin('b/1.cpuprofile', undefined, [1, 0]))).toBe(false);
    expect(
      same(origin('a/CPU.20261122.072148.7.0.001.cpuprofile'), origin('b/CPU.20261122.072148.7.1.002.cpuprofile')),
    ).toBe(false);
  });
});

test.each(['run.cpuprofile', 'a/GET.x.000012ms.1552408596.prof', 'before.prof'])('%s names no process', (source) => {
  expect(processOf(origin(source))).toBeNull();
});
