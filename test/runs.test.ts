import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Stats } from '../src/index.ts';
import { loadRuns, refuseUnlikeRoutes } from '../src/runs.ts';

let folder = '';

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'pstat-runs-'));
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

const NODE_SAMPLE = 'samples/odd/plain.cpuprofile';
const PYTHON_SAMPLE = 'samples/odd/python2.prof';

/** A folder with these files, all copies of one sample. */
function folderOf(name: string, files: Readonly<Record<string, string>>): string {
  const here = path.join(folder, name);
  for (const [file, sample] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(here, file)), { recursive: true });
    copyFileSync(sample, path.join(here, file));
  }
  return here;
}

function load(from: string): Promise<Stats[]> {
  return loadRuns(from, { load: { thread: null }, stats: {} });
}

const sizes = (runs: readonly Stats[]) => runs.map(({ summary }) => summary.sources.length);

describe('a path', () => {
  test('a file is one run, a folder is one run for each file', async () => {
    expect(sizes(await load('samples/GET.resource_providers.prof'))).toEqual([1]);
    expect(sizes(await load('samples/before'))).toEqual(new Array(10).fill(1));
  });

  test('a quoted glob', async () => {
    expect(await load('samples/before/*ms.17953322[56]?.prof')).toHaveLength(10);
    expect(await load('samples/before/*201ms*.prof')).toHaveLength(1);
  });

  test('nothing there', async () => {
    await expect(load('samples/nowhere')).rejects.toThrow('no such file or folder');
  });
});

describe('CPU.* files', () => {
  test('of one process are one run, its main thread and its workers together', async () => {
    const here = folderOf('workers', {
      'CPU.20261122.072148.100.0.001.cpuprofile': NODE_SAMPLE,
      'CPU.20261122.072148.100.1.002.cpuprofile': NODE_SAMPLE,
      'CPU.20261122.072149.100.2.003.cpuprofile': NODE_SAMPLE,
      'CPU.20261122.072150.101.0.001.cpuprofile': NODE_SAMPLE,
    });
    const runs = await load(here);
    expect(sizes(runs)).toEqual([3, 1]);
    expect(runs[0]?.summary.whole).toBe(3 * (runs[1]?.summary.whole ?? 0));
  });

  test('of other folders are other runs', async () => {
    const here = folderOf('folders', {
      'a/CPU.20261122.072148.100.0.001.cpuprofile': NODE_SAMPLE,
      'b/CPU.20261122.072148.100.0.001.cpuprofile': NODE_SAMPLE,
    });
    expect(sizes(await load(here))).toEqual([1, 1]);
  });

  // In a container every run has the same process id, 7 say. A process numbers its files from 001 on, so that two
  // files 001 cannot be of one process.
  test('of one process id on five days are five runs', async () => {
    const days = [1, 2, 3, 4, 5].map((day) => [`CPU.2026112${day}.072148.7.0.001.cpuprofile`, NODE_SAMPLE]);
    expect(sizes(await load(folderOf('container', Object.fromEntries(days))))).toEqual([1, 1, 1, 1, 1]);
  });

  test('of one process id on one day: a number that comes again starts a new run', async () => {
    const here = folderOf('container-in-a-day', {
      'CPU.20261122.072148.7.0.001.cpuprofile': NODE_SAMPLE,
      'CPU.20261122.072148.7.1.002.cpuprofile': NODE_SAMPLE,
      'CPU.20261122.072203.7.0.001.cpuprofile': NODE_SAMPLE,
      'CPU.20261122.072203.7.1.002.cpuprofile': NODE_SAMPLE,
    });
    expect(sizes(await load(here))).toEqual([2, 2]);
  });
});

describe('sets that hold several of something are refused with the list', () => {
  test('routes', async () => {
    const here = folderOf('routes', {
      'GET.a.000012ms.1552408596.prof': PYTHON_SAMPLE,
      'GET.b.000012ms.1552408597.prof': PYTHON_SAMPLE,
      'GET.a.000014ms.1552408598.prof': PYTHON_SAMPLE,
    });
    await expect(load(here)).rejects.toThrow(/routes: GET\.a, GET\.b; compare one at a time/);
  });

  test('kinds', async () => {
    const here = folderOf('kinds', { 'a.prof': PYTHON_SAMPLE, 'b.cpuprofile': NODE_SAMPLE });
    await expect(load(here)).rejects.toThrow(/kinds: pairs with calls, stacks with samples/);
  });

  test('one route, among files that name none, is one', async () => {
    const here = folderOf('mixed', { 'GET.a.000012ms.1552408596.prof': PYTHON_SAMPLE, 'other.prof': PYTHON_SAMPLE });
    expect(await load(here)).toHaveLength(2);
  });

  test('routes that differ between the sides', async () => {
    const side = (route: string) =>
      load(folderOf(`side-${route}`, { [`GET.${route}.000012ms.1552408596.prof`]: PYTHON_SAMPLE }));
    const [a, b, other] = [await side('a'), await side('b'), await load(PYTHON_SAMPLE)];
    expect(() => refuseUnlikeRoutes(a, b)).toThrow(/routes: GET\.a, GET\.b/);
    expect(() => refuseUnlikeRoutes(a, a)).not.toThrow();
    expect(() => refuseUnlikeRoutes(a, other)).not.toThrow();
  });
});
