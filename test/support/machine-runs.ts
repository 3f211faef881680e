/** The real recordings of test/compare/recordings/compare-machine. */

import { readdirSync } from 'node:fs';
import { type LoadOptions, loadProfile } from '../../src/input/load.ts';
import { Stats } from '../../src/query/stats.ts';

export const MACHINE_RUNS = 'test/compare/recordings/compare-machine';

export type MachineSet = 'same' | 'same2' | 'wait' | 'noisy-plus';

/** The twelve runs of a folder, with undisturbed time. */
export function loadMachineRuns(name: MachineSet, time: LoadOptions['time'] = 'undisturbed'): Promise<Stats[]> {
  const folder = `${MACHINE_RUNS}/${name}`;
  const files = readdirSync(folder).sort();
  return Promise.all(files.map(async (file) => new Stats(await loadProfile(`${folder}/${file}`, { time }))));
}
