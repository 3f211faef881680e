/** `runs.json` beside profiles: what they cannot hold, such as those of cProfile. `pstat ab` writes it. */

import { readFileSync } from 'node:fs';
import path from 'node:path';
import { getOrInsert } from '../base/maps.ts';
import { RUNS_FILE } from '../base/recording-files.ts';
import { isObject } from '../formats/json.ts';
import { readRunMetadata } from '../formats/v8/run-metadata.ts';
import type { Profile } from '../model/profile.ts';

/** Reads each file once. */
export class RunsFiles {
  /** folder -> name of a profile -> its run */
  readonly #folders = new Map<string, Readonly<Record<string, unknown>>>();

  /** The profile with the run that stands beside its file. Profiles of stacks hold theirs. Never throws. */
  addRun(profile: Profile, file: string): Profile {
    if ('callTree' in profile) return profile;
    const run = readRunMetadata({ run: this.#runsIn(path.dirname(file))[path.basename(file)] });
    return run === null ? profile : { ...profile, run };
  }

  #runsIn(folder: string): Readonly<Record<string, unknown>> {
    return getOrInsert(this.#folders, folder, () => readRuns(path.join(folder, RUNS_FILE)));
  }
}

/** Another program may have a file of that name: what is not ours says nothing. */
function readRuns(file: string): Readonly<Record<string, unknown>> {
  try {
    const runs: unknown = JSON.parse(readFileSync(file, 'utf8'));
    return isObject(runs) ? runs : {};
  } catch {
    return {};
  }
}
