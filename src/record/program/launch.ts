/** Runs a command so that every Node process it starts is recorded. */

import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Microseconds } from '../../model/raw-profile.ts';
import { moduleUrl } from '../module-url.ts';
import { cannotRun } from './errors.ts';
import { INTERVAL_VARIABLE, SPOOL_VARIABLE } from './spool.ts';

/** How a process ended: with an exit code or by a signal. */
export type ProcessExit = { readonly code: number } | { readonly signal: NodeJS.Signals };

export interface LaunchOptions {
  readonly command: string;
  readonly args: readonly string[];
  /** A folder for the spools. */
  readonly spool: string;
  readonly interval: Microseconds;
}

/** Throws PstatError (`query`) if there is no such program. */
export function launch({ command, args, spool, interval }: LaunchOptions): Promise<ProcessExit> {
  const env = {
    ...process.env,
    NODE_OPTIONS:
      `${process.env['NODE_OPTIONS'] ?? ''} --require=${quotePath(fileURLToPath(moduleUrl('program/preload')))}`.trim(),
    [SPOOL_VARIABLE]: spool,
    [INTERVAL_VARIABLE]: String(interval),
  };
  return new Promise((resolve, reject) => {
    const isForeground = isInForeground();
    // In the background the program gets a process group of its own: a signal to pstat's group would reach it twice,
    // directly and forwarded.
    const child = spawn(command, args, { stdio: 'inherit', env, detached: !isForeground });
    const stopForwarding = forwardSignals(child, isForeground);
    child.on('error', (error: NodeJS.ErrnoException) => {
      stopForwarding();
      reject(cannotRun(command, error.code ?? error.message));
    });
    child.on('close', (code, signal) => {
      stopForwarding();
      resolve(signal === null ? { code: code ?? 1 } : { signal });
    });
  });
}

/** `NODE_OPTIONS` is split at spaces outside double quotes (https://nodejs.org/api/cli.html#node_optionsoptions). */
function quotePath(file: string): string {
  return `"${file.replace(/[\\"]/g, '\\$&')}"`;
}

/**
 * Forwards signals to the program, but not those of a terminal, which sends Ctrl+C to the program itself. In either
 * case pstat goes on until the program has ended, to collect the profiles. Returns a function that stops it.
 */
function forwardSignals(child: ChildProcess, isForeground: boolean): () => void {
  const removers = (['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT', 'SIGUSR1', 'SIGUSR2'] as const).map((signal) => {
    const isSentByTerminal = isForeground && TERMINAL_SIGNALS.has(signal);
    const listener = () => (isSentByTerminal ? undefined : sendSignal(child, signal, isForeground));
    process.on(signal, listener);
    return () => process.off(signal, listener);
  });
  return () => {
    for (const remove of removers) remove();
  };
}

function sendSignal(child: ChildProcess, signal: NodeJS.Signals, isForeground: boolean): void {
  if (isForeground || child.pid === undefined) {
    child.kill(signal);
    return;
  }
  try {
    process.kill(-child.pid, signal);
  } catch {
    // The group has ended.
  }
}

/** Signals that the kernel sends to the whole foreground process group of a terminal. */
const TERMINAL_SIGNALS: ReadonlySet<NodeJS.Signals> = new Set(['SIGINT', 'SIGQUIT', 'SIGHUP']);

/** Whether pstat's process group is the foreground group of a terminal. Without /proc: whether there is a terminal. */
function isInForeground(): boolean {
  try {
    // Fields of /proc/PID/stat after the name: state, parent, group, session, terminal, foreground group
    // (https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html).
    const [, , group, , , foreground] = readFileSync('/proc/self/stat', 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ');
    return group === foreground;
  } catch {
    return process.stdin.isTTY === true || process.stderr.isTTY === true;
  }
}
