/** The signals that pstat gets while it records: they belong to the program, until it has ended. */

import type { ChildProcess } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { statFieldsOf } from '../process-table.ts';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT', 'SIGUSR1', 'SIGUSR2', 'SIGTSTP', 'SIGCONT'] as const;
type Signal = (typeof SIGNALS)[number];

interface InterruptHandlers {
  readonly onFirst: () => void;
  /** The process ends by the signal right after. */
  readonly onSecond: () => void;
}

/**
 * Handles the signals of one recording, from before the program starts until its profiles are written:
 *
 * - before the program runs, signals are kept for it;
 * - while it runs, they are passed on, except those that it gets from the terminal itself;
 * - afterwards the first interrupt is announced and the second one obeyed: many users press Ctrl+C twice.
 */
export class SignalHandling {
  readonly place: Place;
  readonly #removers: (() => void)[];
  #handle: (signal: Signal) => void;
  #kept: Signal[] = [];

  /** @param place OWN_GROUP for a program that pstat ends itself, with all that it started */
  constructor(place: Place = findPlace()) {
    this.place = place;
    this.#handle = (signal) => this.#kept.push(signal);
    // A stop by the terminal reaches the program by itself, and pstat stops by its default effect.
    const signals = SIGNALS.filter((signal) => !(this.place.isForeground && signal === 'SIGTSTP'));
    this.#removers = signals.map((signal) => {
      const listener = () => this.#handle(signal);
      process.on(signal, listener);
      return () => process.off(signal, listener);
    });
  }

  passTo(child: ChildProcess): void {
    this.#handle = (signal) => passSignal(signal, child, this.place);
    for (const signal of this.#kept.splice(0)) this.#handle(signal);
  }

  /** From now on the program has ended. */
  guard({ onFirst, onSecond }: InterruptHandlers): void {
    let count = 0;
    this.#handle = (signal) => {
      if (signal === 'SIGTSTP') process.kill(process.pid, 'SIGSTOP');
      if (!ENDING.has(signal)) return;
      count++;
      if (count === 1) return onFirst();
      this.stop();
      onSecond();
      process.kill(process.pid, signal);
    };
  }

  stop(): void {
    for (const remove of this.#removers) remove();
  }
}

/** Handles signals while the work runs. */
export async function withSignals<Result>(
  signals: SignalHandling,
  run: (signals: SignalHandling) => Promise<Result>,
): Promise<Result> {
  try {
    return await run(signals);
  } finally {
    signals.stop();
  }
}

const ENDING: ReadonlySet<Signal> = new Set<Signal>(['SIGINT', 'SIGTERM', 'SIGHUP']);

function passSignal(signal: Signal, child: ChildProcess, { isForeground, isSessionLeader }: Place): void {
  if (isForeground && (signal === 'SIGINT' || signal === 'SIGQUIT')) return; // the terminal sends them to the program
  // A terminal that closes tells its session's leader alone, and a shell tells the whole group.
  if (isForeground && signal === 'SIGHUP' && !isSessionLeader && !isTerminalOpen()) return;
  // SIGTSTP has no effect on a group whose leader has no parent in its session.
  sendSignal(child, signal === 'SIGTSTP' ? 'SIGSTOP' : signal, isForeground);
  if (signal === 'SIGTSTP') process.kill(process.pid, 'SIGSTOP');
}

function sendSignal(child: ChildProcess, signal: NodeJS.Signals, isForeground: boolean): void {
  if (child.pid === undefined) return;
  try {
    process.kill(isForeground ? child.pid : -child.pid, signal);
  } catch {
    // It has ended.
  }
}

function isTerminalOpen(): boolean {
  try {
    closeSync(openSync('/dev/tty', 'r'));
    return true;
  } catch {
    return false;
  }
}

export interface Place {
  /** Whether pstat's process group is the foreground group of a terminal. */
  readonly isForeground: boolean;
  readonly isSessionLeader: boolean;
}

/** The program gets a process group of its own, also in the foreground. */
export const OWN_GROUP: Place = { isForeground: false, isSessionLeader: false };

/** Without /proc, a process with a terminal counts as in the foreground. */
function findPlace(): Place {
  const fields = statFieldsOf('self');
  if (fields === null)
    return { isForeground: process.stdin.isTTY === true || process.stderr.isTTY === true, isSessionLeader: false };
  // State, parent, group, session, terminal, foreground group (https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html).
  const [, , group, session, , foreground] = fields;
  return { isForeground: group === foreground, isSessionLeader: session === String(process.pid) };
}
