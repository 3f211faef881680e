/** Finds Node processes below the recorded command that do not load the preload. Linux only: elsewhere it finds none. */

import { childrenOf, environmentOf, executableOf, isNamedNode, nodeOptionsOf, programOf } from '../process-table.ts';
import { FIRST_FLUSHES, FLUSH_INTERVAL } from './shared-memory.ts';
import { SPOOL_VARIABLE } from './spool-format.ts';

export interface UnrecordedProcess {
  readonly pid: number;
  /** The file that it runs; empty if not known. */
  readonly program: string;
  readonly reason: string;
}

export class UnrecordedProcesses {
  /** pid -> the process as last seen; null for another program, or for one that loads the preload. */
  readonly #seen = new Map<number, UnrecordedProcess | null>();
  #timers: NodeJS.Timeout[] = [];

  /** @param root the pid of the command */
  start(root: number): void {
    const look = () => this.#look(root);
    this.#timers = [...FIRST_FLUSHES.map((time) => setTimeout(look, time)), setInterval(look, FLUSH_INTERVAL)];
  }

  list(): UnrecordedProcess[] {
    return [...this.#seen.values()].filter((process) => process !== null);
  }

  stop(): void {
    for (const timer of this.#timers) clearTimeout(timer);
  }

  #look(root: number): void {
    const pids = [root];
    for (const pid of pids) {
      pids.push(...childrenOf(pid));
      if (pids.length > MAX_PROCESSES) return;
      const process = examine(pid); // again each time: a shell may become Node
      if (process !== undefined) this.#seen.set(pid, process);
    }
  }
}

const MAX_PROCESSES = 2000;

/** Returns undefined for a process that has ended, or belongs to another user. */
function examine(pid: number): UnrecordedProcess | null | undefined {
  const executable = executableOf(pid);
  if (executable !== null && !isNamedNode(executable)) return null;
  const variables = environmentOf(pid);
  if (executable === null || variables === null) return undefined;
  const hasPreload = nodeOptionsOf(pid).some((word) => word.includes('record/program/preload.'));
  const hasSpool = variables.some((variable) => variable.startsWith(`${SPOOL_VARIABLE}=`));
  if (hasPreload && hasSpool) return null;
  const reason = hasSpool ? 'its NODE_OPTIONS were replaced' : 'its environment was replaced';
  return { pid, program: programOf(pid), reason };
}
