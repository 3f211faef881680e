/** Runs a command so that every Node process it starts is recorded. */

import { type ChildProcess, type SpawnOptions, type StdioOptions, spawn } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { errnoCodeOf } from '../../base/system-error.ts';
import { moduleUrl } from '../module-url.ts';
import { cannotRun } from './errors.ts';
import type { SignalHandling } from './signals.ts';

/** How a process ended: with an exit code or by a signal. */
export type ProcessExit = { readonly code: number } | { readonly signal: NodeJS.Signals };

export interface LaunchOptions {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  readonly signals: SignalHandling;
  /** @default the working directory of pstat */
  readonly cwd?: string | undefined;
  /** A descriptor for what the program prints; it reads nothing then. @default the streams of pstat */
  readonly output?: number | undefined;
  /** Called as soon as the program runs. */
  readonly onStart?: (pid: number) => void;
}

/** Throws PstatError (`query`) if the program cannot run. */
export function launch({ command, args, env, signals, cwd, output, onStart }: LaunchOptions): Promise<ProcessExit> {
  return new Promise((resolve, reject) => {
    // In the background the program gets a process group of its own: a signal to pstat's group would reach it twice,
    // directly and passed on.
    const stdio: StdioOptions = output === undefined ? 'inherit' : ['ignore', output, output];
    const child = start(command, args, { stdio, env, cwd, detached: !signals.place.isForeground });
    child.on('error', (error: NodeJS.ErrnoException) => {
      // Also if a signal could not be sent. Without a process there is no other event.
      if (child.pid === undefined) reject(cannotRun(command, error.code ?? error.message));
    });
    child.on('exit', (code, signal) => resolve(signal === null ? { code: code ?? 1 } : { signal }));
    if (child.pid === undefined) return;
    signals.passTo(child);
    onStart?.(child.pid);
  });
}

/** Node throws the errors that it has no event for, such as E2BIG. */
function start(command: string, args: readonly string[], options: SpawnOptions): ChildProcess {
  try {
    return spawn(command, args, options);
  } catch (error) {
    const code = errnoCodeOf(error);
    throw code === null ? error : cannotRun(command, code);
  }
}

/** Adds variables, and the preload to the options of Node. */
export function recordingEnvironment(variables: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  const option = `--require=${quotePath(fileURLToPath(moduleUrl('program/preload')))}`;
  const options = `${process.env['NODE_OPTIONS'] ?? ''} ${option}`.trim();
  return { ...process.env, NODE_OPTIONS: options, ...variables };
}

/** `NODE_OPTIONS` is split at spaces outside double quotes (https://nodejs.org/api/cli.html#node_optionsoptions). */
function quotePath(file: string): string {
  return `"${file.replace(/[\\"]/g, '\\$&')}"`;
}

/**
 * Whether the command starts Node with its permission model, which lets no profiler in. Before 22.13 it even ends Node
 * when NODE_OPTIONS names a file that it may not read.
 */
export function usesPermissions(words: readonly string[]): boolean {
  const node = words.findIndex((word) => /^node(?:js)?(?:\.exe)?$/.test(path.basename(word)));
  const own = node === -1 ? [] : words.slice(node + 1);
  const script = own.findIndex((word) => !word.startsWith('-'));
  const options = [
    ...own.slice(0, script === -1 ? own.length : script),
    ...(process.env['NODE_OPTIONS'] ?? '').split(/\s+/),
  ];
  return options.some((option) => option === '--permission' || option === '--experimental-permission');
}
