/** `runs.json`: what the profiles beside it cannot hold, such as those of cProfile. */

import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { RUNS_FILE } from '../../base/recording-files.ts';
import { childrenCpuOf } from '../process-table.ts';
import type { WrittenRunMetadata } from '../run-metadata.ts';
import type { Turn } from '../turn.ts';

/** As `pstat.run` of a profile; without `cpu` where the system does not tell it. */
type RunFacts = Turn & Pick<WrittenRunMetadata, 'start' | 'elapsed'> & Partial<Pick<WrittenRunMetadata, 'cpu'>>;

/** @param runs name of a file in the folder -> its run. Throws the errors of the file system. */
export function writeRunsFile(folder: string, runs: Readonly<Record<string, RunFacts>>): void {
  writeFileSync(path.join(folder, RUNS_FILE), `${JSON.stringify(runs, null, 2)}\n`, { mode: 0o600 });
}

/** Measures the one child that runs from its construction on. */
export class ChildMeter {
  readonly #start = performance.now();
  readonly #date = new Date();
  readonly #cpu = childrenCpuOf(process.pid);

  /** To be called when the child has ended. */
  measure(): Omit<RunFacts, keyof Turn> {
    const elapsed = Math.round(1000 * (performance.now() - this.#start));
    const [first, last] = [this.#cpu, childrenCpuOf(process.pid)];
    const facts = { start: this.#date.toISOString(), elapsed };
    if (first === null || last === null) return facts;
    return { ...facts, cpu: { user: last.user - first.user, system: last.system - first.system } };
  }
}
