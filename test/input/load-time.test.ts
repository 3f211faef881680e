/** Which profiles are loaded, and which time their functions have. */

import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { PstatError } from '../../src/base/errors.ts';
import { type LoadOptions, loadProfile, loadProfiles, streamProfiles } from '../../src/input/load.ts';
import type { Profile } from '../../src/model/profile.ts';
import { RouteSelection } from '../../src/routes/route-selection.ts';
import { code, json, withFrames } from '../support/documents.ts';
import { MACHINE_RUNS } from '../support/machine-runs.ts';
import { prof } from '../support/marshal.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

let folder = '';

beforeAll(() => {
  folder = temporaryFolder('load');
  mkdirSync(path.join(folder, 'requests'));
  ['/customers/1', '/customers/2', '/orders'].forEach((url, i) => {
    const document = { ...withFrames(code(`f${i}`)), pstat: { method: 'GET', url, busy: 1000 } };
    writeFileSync(path.join(folder, 'requests', `${i}.cpuprofile`), json(document));
  });
  writeFileSync(path.join(folder, 'plain.cpuprofile'), json(withFrames(code('f'))));
  writeFileSync(path.join(folder, 'traced.prof'), prof({ key: ['a.py', 1, 'f'], cc: 1, nc: 1, tt: 1, ct: 1 }));
});

const KNOWN = `${MACHINE_RUNS}/noisy-plus/01.cpuprofile.gz`;
const at = (name: string) => path.join(folder, name);
const isUndisturbed = (profile: Profile) => 'callTree' in profile && profile.isUndisturbed;

async function collect(name: string, options: LoadOptions): Promise<Profile[]> {
  const profiles: Profile[] = [];
  for await (const profile of streamProfiles([name], options)) profiles.push(profile);
  return profiles;
}

describe('the time', () => {
  test('is counted by default', async () => {
    expect(isUndisturbed(await loadProfile(KNOWN))).toBe(false);
    expect(isUndisturbed(await loadProfile(KNOWN, { time: 'counted' }))).toBe(false);
  });

  test('is undisturbed where it is asked for and the file knows it', async () => {
    expect(isUndisturbed(await loadProfile(KNOWN, { time: 'undisturbed' }))).toBe(true);
    expect(isUndisturbed(await loadProfile(KNOWN, { time: 'auto' }))).toBe(true);
  });

  test('is counted, under auto, where the file does not know it', async () => {
    for (const name of ['plain.cpuprofile', 'traced.prof']) {
      expect(isUndisturbed(await loadProfile(at(name), { time: 'auto' }))).toBe(false);
    }
  });

  test('cannot be undisturbed where the file does not know it', async () => {
    for (const name of ['plain.cpuprofile', 'traced.prof']) {
      const rejected = loadProfile(at(name), { time: 'undisturbed' });
      await expect(rejected).rejects.toThrow(PstatError);
      await expect(rejected).rejects.toThrow(/does not say how long the thread had no processor; record on Linux/);
    }
  });

  test('is subtracted from before a window is applied', async () => {
    const part = await loadProfile(KNOWN, { time: 'undisturbed', from: 100_000 });
    expect(isUndisturbed(part)).toBe(true);
    expect('callTree' in part && part.queued).toBeGreaterThan(0);
  });
});

describe('a selection', () => {
  test('loads the requests of one route', async () => {
    const selection = () => new RouteSelection('GET /customers/{id}');
    expect(await loadProfiles([at('requests')], { selection: selection() })).toHaveLength(2);
    expect(await collect(at('requests'), { selection: selection() })).toHaveLength(2);
    expect((await loadProfile(at('requests'), { selection: selection() })).sources).toHaveLength(2);
  });

  test('that accepts nothing is an error that names the nearest', async () => {
    const rejected = collect(at('requests'), { selection: new RouteSelection('GET /customers') });
    await expect(rejected).rejects.toMatchObject({ kind: 'no-match' });
    await expect(rejected).rejects.toThrow(
      "no request of the route 'GET /customers'; the nearest: GET /customers/{id}",
    );
    const programs = collect(at('plain.cpuprofile'), { selection: new RouteSelection('GET /') });
    await expect(programs).rejects.toThrow('no profile here is of a request');
  });

  test('of null accepts all', async () => {
    expect(await collect(at('requests'), { selection: null })).toHaveLength(3);
  });
});

describe('a stream of profiles', () => {
  test('has those of a folder by path, of a glob, or of a file', async () => {
    const sources = (profiles: readonly Profile[]) =>
      profiles.map((profile) => path.basename(profile.sources[0] ?? ''));
    const all = ['0.cpuprofile', '1.cpuprofile', '2.cpuprofile'];
    expect(sources(await collect(at('requests'), {}))).toEqual(all);
    expect(sources(await collect(at('requests/*.cpuprofile'), {}))).toEqual(all);
    expect(sources(await collect(at('plain.cpuprofile'), {}))).toEqual(['plain.cpuprofile']);
  });

  test('has each part that was asked for', async () => {
    const [part] = await collect(at('plain.cpuprofile'), { from: 500 });
    expect(part !== undefined && 'callTree' in part && part.excluded).toBe(500);
  });

  test('ends with an error where a file cannot be read', async () => {
    await expect(collect(at('nowhere'), {})).rejects.toThrow(PstatError);
  });
});
