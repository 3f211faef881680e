/** Runs a command with every Node process that it starts recorded, and lets it end in its own way. */

import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Microseconds } from '../../model/raw-profile.ts';
import { moduleUrl } from '../module-url.ts';
import { cannotRun } from './errors.ts';
import { INTERVAL_VARIABLE, SPOOL_VARIABLE } from './spool.ts';

/** How a process came to its end: by itself, or by a signal. */
export type Ending = { readonly code: number } | { readonly signal: NodeJS.Signals };

export interface Launch {
  readonly command: string;
  readonly args: readonly string[];
  /** A folder for the spools. */
  readonly spool: string;
  readonly interval: Microseconds;
}

/** @throws PstatError (`query`) if there is no such program */
export function launch({ command, args, spool, interval }: Launch): Promise<Ending> {
  const env = {
    ...process.env,
    NODE_OPTIONS:
      `${process.env['NODE_OPTIONS'] ?? ''} --require=${quotedPath(fileURLToPath(moduleUrl('program/preload')))}`.trim(),
    [SPOOL_VARIABLE]: spool,
    [INTERVAL_VARIABLE]: String(interval),
  };
  return new Promise((resolve, reject) => {
    const hasTerminal = isInForeground();
    // Away from a terminal the program has a group of its own: a signal to ours would reach it twice, through us again.
    const child = spawn(command, args, { stdio: 'inherit', env, detached: !hasTerminal });
    const pass = (signal: NodeJS.Signals) => sendTo(child, signal, hasTerminal);
    const release = passOnSignals(pass, hasTerminal);
    child.on('error', (error: NodeJS.ErrnoException) => {
      release();
      reject(cannotRun(command, error.code ?? error.message));
    });
    child.on('close', (code, signal) => {
      release();
      resolve(signal === null ? { code: code ?? 1 } : { signal });
    });
  });
}

/** `NODE_OPTIONS` is parted at spaces, but for what stands in quotes. */
function quotedPath(file: string): string {
  return `"${file.replace(/[\\"]/g, '\\$&')}"`;
}

function sendTo(child: ChildProcess, signal: NodeJS.Signals, hasTerminal: boolean): void {
  if (hasTerminal || child.pid === undefined) {
    child.kill(signal);
    return;
  }
  try {
    process.kill(-child.pid, signal);
  } catch {
    // It has ended meanwhile.
  }
}

/**
 * The terminal sends Ctrl+C to the program as well as to us: passing it on would make it two. From elsewhere a signal
 * reaches us alone, and is meant for the program. Either way we outlive it, to gather what was recorded.
 */
function passOnSignals(pass: (signal: NodeJS.Signals) => void, hasTerminal: boolean): () => void {
  const passed = (['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT', 'SIGUSR1', 'SIGUSR2'] as const).map((signal) => {
    const isOfTerminal = hasTerminal && OF_TERMINAL.has(signal);
    const listener = () => (isOfTerminal ? undefined : pass(signal));
    process.on(signal, listener);
    return () => process.off(signal, listener);
  });
  return () => {
    for (const stop of passed) stop();
  };
}

/** What the kernel sends to all of the foreground. */
const OF_TERMINAL: ReadonlySet<NodeJS.Signals> = new Set(['SIGINT', 'SIGQUIT', 'SIGHUP']);

/** Whether we are what a terminal is busy with. Linux tells; elsewhere a terminal at hand is taken for it. */
function isInForeground(): boolean {
  try {
    // After the name in brackets: state, parent, group, session, terminal, the terminal's foreground group.
    const [, , group, , , foreground] = readFileSync('/proc/self/stat', 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ');
    return group === foreground;
  } catch {
    return process.stdin.isTTY === true || process.stderr.isTTY === true;
  }
}
