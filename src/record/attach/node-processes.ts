/** Lists the Node processes of this user, with the CPU that they use. */

import { setTimeout as pause } from 'node:timers/promises';
import { commandLineOf, cpuTimeOf, executableOf, isNamedNode, listPids, readProcess } from '../process-table.ts';
import { linuxOnly } from './errors.ts';
import { listeningSocketsOf } from './listening-sockets.ts';

export interface NodeProcess {
  readonly pid: number;
  /** Processors in use, 0 to as many as there are; null if it is not known. */
  readonly cpu: number | null;
  /** The TCP ports on which it listens. */
  readonly ports: readonly number[];
  /** The words of its command line, or the title that the program gave itself. */
  readonly command: readonly string[];
}

/** Busiest first. Takes a while, in which their CPU time is measured. Throws PstatError where there is no /proc. */
export async function listNodeProcesses(pids: readonly number[] = listPids()): Promise<NodeProcess[]> {
  if (process.platform !== 'linux') throw linuxOnly();
  const user = process.getuid?.() ?? -1;
  const own = pids.filter(
    (pid) => pid !== process.pid && isNamedNode(executableOf(pid)) && readProcess(pid)?.isOwnedBy(user),
  );
  const before = own.map((pid) => ({ pid, cpu: cpuTimeOf(pid), time: performance.now() }));
  if (own.length > 0) await pause(MEASURED_TIME);
  const found = before.map(({ pid, cpu, time }) => {
    const ports = [...new Set(listeningSocketsOf(pid).map(({ port }) => port))].sort((a, b) => a - b);
    return {
      pid,
      cpu: processorsUsed(cpu, cpuTimeOf(pid), performance.now() - time),
      ports,
      command: commandLineOf(pid),
    };
  });
  const alive = found.filter(({ command }) => command.length > 0); // others have ended meanwhile
  return alive.sort((a, b) => (b.cpu ?? 0) - (a.cpu ?? 0) || a.pid - b.pid);
}

/** ms. */
const MEASURED_TIME = 500;

/** @param ms that went by */
function processorsUsed(before: number | null, after: number | null, ms: number): number | null {
  return before === null || after === null ? null : Math.max(0, after - before) / 1e3 / ms; // a thread may have ended
}
