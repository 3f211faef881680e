/** One run of a version: recorded, with its output kept for the case that it fails. */

import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { escapeControls } from '../../base/text.ts';
import type { Microseconds } from '../../model/raw-profile.ts';
import { launch, type ProcessExit } from '../program/launch.ts';
import { recordProgram } from '../program/record-program.ts';
import { SignalHandling } from '../program/signals.ts';
import { nothingRecorded, runFailed } from './errors.ts';
import type { Interruption } from './interruption.ts';
import type { Command, Version } from './versions.ts';

/** What all runs of a command line share. */
export interface RunContext {
  readonly interruption: Interruption;
  /** The file for what a run prints; the next run replaces it. */
  readonly log: string;
  /** Gets what a failed run printed, ready for a terminal. */
  readonly onFailure: (output: string) => void;
}

export interface Recording {
  /** The folder for its profiles. */
  readonly dir: string;
  readonly interval: Microseconds;
  readonly block: number;
}

/**
 * Returns false if the user interrupted it. Throws PstatError (`query`) if it does not exit with 0, cannot run, or
 * nothing is recorded.
 */
export async function recordVersion(version: Version, recording: Recording, context: RunContext): Promise<boolean> {
  const { command, args, cwd, root } = version;
  const { dir, interval, block } = recording;
  const { exit, profiles, obstacle, failure } = await withLog(context.log, (printTo, signals) =>
    recordProgram({
      ...{ command, args, cwd, dir, interval, printTo, signals },
      turn: { block, root },
      output: null,
      sources: false,
      requests: false,
      onInterrupt: () => {},
    }),
  );
  if (!checkExit(`the run of ${version.label}`, exit, context)) return false;
  if (failure !== null) throw failure.error;
  if (profiles.recorded.length === 0) throw nothingRecorded(`the run of ${version.label}`, obstacle);
  return true;
}

/** Prepares a worktree. Returns and throws as `recordVersion` does. */
export async function runSetup(setup: Command, { cwd, label }: Version, context: RunContext): Promise<boolean> {
  const exit = await withLog(context.log, (output, signals) =>
    launch({ ...setup, cwd, env: process.env, output, signals, onStart: () => {} }),
  );
  return checkExit(`--setup of ${label}`, exit, context);
}

function checkExit(what: string, exit: ProcessExit, { interruption, log, onFailure }: RunContext): boolean {
  if (interruption.signal !== null) return false;
  if ('code' in exit && exit.code === 0) return true;
  const printed = readEnd(log);
  onFailure(printed);
  throw runFailed(what, exit, printed !== '');
}

async function withLog<Result>(
  log: string,
  run: (output: number, signals: SignalHandling) => Promise<Result>,
): Promise<Result> {
  const output = openSync(log, 'w', 0o600);
  const signals = new SignalHandling();
  try {
    return await run(output, signals);
  } finally {
    signals.stop();
    closeSync(output);
  }
}

const MAX_LINES = 30;
const MAX_BYTES = 8000;

/** The last lines of a file that may be of any size. */
function readEnd(log: string): string {
  const file = openSync(log, 'r');
  try {
    const bytes = Buffer.alloc(MAX_BYTES);
    const start = Math.max(0, fstatSync(file).size - MAX_BYTES);
    const text = bytes.toString('utf8', 0, readSync(file, bytes, 0, MAX_BYTES, start)).trimEnd();
    const lines = text === '' ? [] : text.split(/\r?\n/).slice(-MAX_LINES);
    return lines.map((line) => `${escapeControls(line)}\n`).join('');
  } finally {
    closeSync(file);
  }
}
