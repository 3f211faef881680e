/** Finds Node processes below the recorded command that do not load the preload. Linux only: elsewhere it finds none. */

import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import path from 'node:path';
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

/** https://man7.org/linux/man-pages/man5/proc_pid_task.5.html */
function childrenOf(pid: number): number[] {
  try {
    return readdirSync(`/proc/${pid}/task`).flatMap((thread) =>
      // As UTF-8, which Node reads without a buffer of 64 kB.
      readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8').split(' ').filter(Boolean).map(Number),
    );
  } catch {
    return [];
  }
}

/** Returns undefined for a process that has ended, or belongs to another user. */
function examine(pid: number): UnrecordedProcess | null | undefined {
  try {
    if (!/^node(?:js)?$/.test(path.basename(readlinkSync(`/proc/${pid}/exe`)))) return null;
    const variables = readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
    const options = variables.find((variable) => variable.startsWith('NODE_OPTIONS='));
    const hasPreload = options?.includes('record/program/preload.') === true;
    const hasSpool = variables.some((variable) => variable.startsWith(`${SPOOL_VARIABLE}=`));
    if (hasPreload && hasSpool) return null;
    const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
    const reason = hasSpool ? 'its NODE_OPTIONS were replaced' : 'its environment was replaced';
    return { pid, program: programOf(words.slice(1)), reason };
  } catch {
    return undefined;
  }
}

/** Returns the first word that is not an option; nothing if the program is the value of one. */
function programOf(words: readonly string[]): string {
  const first = words.findIndex((word) => word !== '' && !word.startsWith('-'));
  const isCode = /^(?:-e|-p|-pe|--eval|--print)$/.test(words[first - 1] ?? '');
  return isCode ? '' : (words[first] ?? '');
}
