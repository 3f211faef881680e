/** Runs a command with every Node process that it starts recorded, and lets it end in its own way. */

import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { cannotRun } from '../errors.ts';
import type { Microseconds } from '../model/raw-profile.ts';
import { ownFile } from './own-file.ts';
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
    NODE_OPTIONS: `${process.env['NODE_OPTIONS'] ?? ''} --import=${ownFile('attach').href}`.trim(),
    [SPOOL_VARIABLE]: spool,
    [INTERVAL_VARIABLE]: String(interval),
  };
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: 'inherit', env });
    const release = passOnSignals((signal) => child.kill(signal));
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

/**
 * The terminal sends Ctrl+C to the program as well as to us: passing it on would make it two. From elsewhere a signal
 * reaches us alone, and is meant for the program. Either way we outlive it, to gather what was recorded.
 */
function passOnSignals(pass: (signal: NodeJS.Signals) => void): () => void {
  const isOfTerminal = process.stdin.isTTY === true || process.stderr.isTTY === true;
  const passed = (['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT', 'SIGUSR2'] as const).map((signal) => {
    const fromTerminal = isOfTerminal && (signal === 'SIGINT' || signal === 'SIGQUIT');
    const listener = () => (fromTerminal ? undefined : pass(signal));
    process.on(signal, listener);
    return () => process.off(signal, listener);
  });
  return () => {
    for (const stop of passed) stop();
  };
}

/** The code by which shells tell a signal. */
export function codeOf(ending: Ending): number {
  return 'code' in ending ? ending.code : 128 + constants.signals[ending.signal];
}
