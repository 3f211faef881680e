/** `runs.json` says of the profiles beside it what they cannot hold. */

import { copyFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { loadProfiles } from '../../src/input/load.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const dir = temporaryFolder('runs');

test('its time, CPU time and block are those of the file that it names', async () => {
  for (const name of ['a.prof', 'b.prof']) copyFileSync('samples/GET.resource_providers.prof', path.join(dir, name));
  const load = async () => (await loadProfiles([dir])).map((profile) => profile.run ?? null);
  expect(await load()).toEqual([null, null]);
  const cpu = { user: 260_000, system: 30_000 };
  const runs = { 'a.prof': { elapsed: 588_375, cpu, block: 2, root: '/srv/app', pid: -1 }, 'c.prof': {} };
  writeFileSync(path.join(dir, 'runs.json'), JSON.stringify(runs));
  const [first, second] = await load();
  expect(first).toMatchObject({ elapsed: 588_375, cpu: 290_000, block: 2, root: '/srv/app', pid: null });
  expect(second).toBeNull();
});

test.each(['', '[1', 'null', '{"a.prof":3}'])('%j says nothing', async (text) => {
  writeFileSync(path.join(dir, 'runs.json'), text);
  expect((await loadProfiles([dir])).map((profile) => profile.run)).toEqual([undefined, undefined]);
});

test('a profile that holds its own run keeps it', async () => {
  const beside = temporaryFolder('own-run');
  copyFileSync('samples/resource-providers.cpuprofile', path.join(beside, 'a.cpuprofile'));
  writeFileSync(path.join(beside, 'runs.json'), '{"a.cpuprofile":{"elapsed":1,"block":2}}');
  const [profile] = await loadProfiles([beside]);
  expect(profile?.run?.block ?? null).toBeNull();
});
