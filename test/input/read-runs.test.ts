import { mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { figuresOf, type ProfileFigures } from '../../src/compare/collect-sides.ts';
import { ReadRuns } from '../../src/input/read-runs.ts';
import { routeOfProfile } from '../../src/routes/route-name.ts';
import { profileOf } from '../support/stacks.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

test('reads each run once, in the order of their names, until it is to be read otherwise', async () => {
  const folder = temporaryFolder('runs');
  const runs = new ReadRuns<ProfileFigures>();
  const read: string[] = [];
  const count = async (how: string) => {
    let rows = 0;
    const figures = runs.figures(folder, how, (run) => {
      read.push(path.basename(run));
      const profiles = ['a', 'b'].map((name) => profileOf([{ stack: [name], weight: 5 }]));
      return figuresOf(profiles, {}, routeOfProfile);
    });
    for await (const { graph } of figures) rows += graph.rows.length;
    return rows;
  };
  for (const name of ['0002', '0001']) mkdirSync(path.join(folder, name));
  expect([await count('x'), await count('x')]).toEqual([4, 4]);
  mkdirSync(path.join(folder, '0003'));
  expect([await count('x'), read]).toEqual([6, ['0001', '0002', '0003']]);
  expect([await count('y'), read.length]).toEqual([6, 6]);
  rmSync(folder, { recursive: true });
});
