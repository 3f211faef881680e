/**
 * The folder of the recordings: `before/0001`, `after/0001`, `before/0002` …, a folder a run, and `ab.json`, which says
 * what ran. A run is there as a whole or not at all, so that a comparison goes on where it stopped.
 */

import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { cannotWrite } from '../../base/errors.ts';
import { systemErrorCode } from '../../base/system-error.ts';
import { isAlive } from '../process-table.ts';
import { makeFolder } from '../profile-folder.ts';
import { makeTemporaryFolder } from '../temporary-folder.ts';
import { folderInUse, otherRuns } from './errors.ts';
import type { SideName } from './run-blocks.ts';

const DESCRIPTION = 'ab.json';
const UNFINISHED = 'unfinished';
const PREFIX = 'pstat-ab-runs-';

export class RunFolder {
  readonly dir: string;
  /** Whether the user did not name it. */
  readonly isTemporary: boolean;
  /** For a run that is not complete. */
  readonly unfinished: string;
  readonly log: string;
  readonly loadLog: string;

  /**
   * @param dir null for a temporary folder
   * @param question what runs: equal for runs that may be compared
   *
   * Throws PstatError (`query`) if the folder holds something else, and (`unreadable`) if it cannot be written.
   */
  constructor(dir: string | null, question: string) {
    this.isTemporary = dir === null;
    if (dir === null) removeAbandonedRuns();
    this.dir = dir === null ? makeTemporaryFolder(`${PREFIX}${process.pid}-`) : path.resolve(dir);
    this.unfinished = path.join(this.dir, UNFINISHED);
    this.log = path.join(this.dir, 'output.log');
    this.loadLog = path.join(this.dir, 'load.log');
    try {
      this.#open(question);
    } catch (error) {
      if (error instanceof Error && 'code' in error) throw cannotWrite(this.dir, systemErrorCode(error));
      throw error;
    }
  }

  #open(question: string): void {
    makeFolder(this.dir);
    const file = path.join(this.dir, DESCRIPTION);
    if (existsSync(file)) {
      if (readFileSync(file, 'utf8') !== question) throw otherRuns(this.dir);
    } else if (readdirSync(this.dir).length > 0) throw folderInUse(this.dir);
    else writeFileSync(file, question, { mode: 0o600 });
    this.discardUnfinished();
  }

  sideFolder(side: SideName): string {
    return path.join(this.dir, side);
  }

  has(side: SideName, block: number): boolean {
    return existsSync(this.#runFolder(side, block));
  }

  /** The blocks from the first on that are complete. */
  countBlocks(): number {
    let blocks = 0;
    while (this.has('before', blocks + 1) && this.has('after', blocks + 1)) blocks++;
    return blocks;
  }

  /** Makes the unfinished run one that is there. */
  keepRun(side: SideName, block: number): void {
    mkdirSync(this.sideFolder(side), { recursive: true, mode: 0o700 });
    renameSync(this.unfinished, this.#runFolder(side, block));
  }

  discardUnfinished(): void {
    rmSync(this.unfinished, { recursive: true, force: true });
  }

  remove(): void {
    rmSync(this.dir, { recursive: true, force: true });
  }

  #runFolder(side: SideName, block: number): string {
    return path.join(this.sideFolder(side), String(block).padStart(4, '0'));
  }
}

/** ms. Another container may share the folder, and has processes of its own. */
const ABANDONED_AFTER = 24 * 3600e3;

/** Removes the temporary folders of a pstat that was killed in a run. Those that it has kept have no unfinished run. Never throws. */
function removeAbandonedRuns(): void {
  try {
    for (const name of readdirSync(tmpdir())) {
      const pid = name.startsWith(PREFIX) ? /^(\d+)-/.exec(name.slice(PREFIX.length))?.[1] : undefined;
      const folder = path.join(tmpdir(), name);
      if (pid !== undefined && !isAlive(Number(pid)) && wasLeftInRun(folder))
        rmSync(folder, { recursive: true, force: true });
    }
  } catch {
    // Of another user.
  }
}

function wasLeftInRun(folder: string): boolean {
  const unfinished = statSync(path.join(folder, UNFINISHED), { throwIfNoEntry: false });
  return unfinished !== undefined && Date.now() - unfinished.mtimeMs > ABANDONED_AFTER;
}
