/** Chooses the Node processes that a PID stands for: npm, sh and a cluster's primary only start others. */

import { commandLineOf, descendantsOf, executableOf, isNamedNode, programOf } from '../process-table.ts';
import { isPackageManager } from '../program/package-managers.ts';
import { listNodeProcesses, type NodeProcess } from './node-processes.ts';

interface ProcessChoice {
  readonly chosen: readonly number[];
  /** The processes to choose from, busiest first; empty where there is no choice. */
  readonly candidates: readonly NodeProcess[];
}

/** @param all whether all of them are wanted */
export async function chooseProcesses(pid: number, all: boolean): Promise<ProcessChoice> {
  const programs = [pid, ...descendantsOf(pid)].filter(
    (each) => isNamedNode(executableOf(each)) && !isPackageManager(programOf(each)) && !isTitledNpm(each),
  );
  const [first = pid, ...others] = programs;
  if (others.length === 0) return { chosen: [first], candidates: [] };
  if (all) return { chosen: programs, candidates: [] };
  const candidates = await listNodeProcesses(programs);
  const [busiest, second] = candidates;
  const isOnlyOne = (busiest?.cpu ?? 0) >= MIN_BUSY && (second?.cpu ?? 0) < MIN_BUSY;
  return { chosen: busiest !== undefined && isOnlyOne ? [busiest.pid] : [], candidates };
}

/** npm replaces its command line by `npm start`. */
function isTitledNpm(pid: number): boolean {
  const [title = '', ...words] = commandLineOf(pid);
  return words.length === 0 && /^np[mx] /.test(title);
}

/** A process that uses less of a processor is idle. */
const MIN_BUSY = 0.02;
