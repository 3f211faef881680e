/** One run of a version: recorded, with its output kept for the case that it fails. */

import { closeSync, existsSync, openSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { escapeControls } from '../../base/text.ts';
import type { Microseconds } from '../../model/raw-profile.ts';
import type { Interruption } from '../interruption.ts';
import { makeFolder } from '../profile-folder.ts';
import { launch, type ProcessExit } from '../program/launch.ts';
import { recordProgram } from '../program/record-program.ts';
import { OWN_GROUP, SignalHandling, withSignals } from '../program/signals.ts';
import { readEnd } from '../read-end.ts';
import {
  loadFailed,
  noProfWritten,
  noRequestRecorded,
  nothingRecorded,
  runFailed,
  serverFailed,
  serversOnLinux,
  setupFailed,
} from './errors.ts';
import { isPython, withProfiler } from './python-command.ts';
import { ChildMeter, writeRunsFile } from './runs-file.ts';
import { ServerLoad } from './server-load.ts';
import type { Command, Version } from './versions.ts';

/** What all runs of a command line share. */
export interface RunContext {
  readonly interruption: Interruption;
  /** The file for what a run prints; the next run replaces it. */
  readonly log: string;
  /** The same for the load on a server. */
  readonly loadLog: string;
  /** Gets what a failed run printed, ready for a terminal. */
  readonly onFailure: (output: string) => void;
}

/** How the runs of both versions are recorded. */
export type Method =
  /** Every thread of the command. */
  | { readonly kind: 'threads' }
  /** The requests of a server, which ends after the load on it. */
  | { readonly kind: 'requests'; readonly load: Command }
  /** A Python command, by cProfile. */
  | { readonly kind: 'cprofile' };

/** Throws PstatError (`query`) if the commands cannot be recorded so, or not on this machine. */
export function checkMethod({ kind }: Method, commands: readonly Command[]): void {
  if (kind === 'requests' && process.platform !== 'linux') throw serversOnLinux();
  if (kind === 'cprofile') for (const command of commands) withProfiler(command, 'run.prof');
}

/** What is not known of runs on this machine; null for nothing. */
export function describeUnknown({ kind }: Method): string | null {
  if (kind !== 'cprofile' || process.platform === 'linux') return null;
  return 'the CPU time of Python runs is known on Linux alone; they are compared by other times';
}

export interface Recording {
  /** The exit code of a run that does not fail. Servers are ended by a signal, and may exit as they like. */
  readonly exitCode: number;
  /** The label of the other version if a run of it has exited so. */
  readonly other: string | null;
  /** The folder for its profiles. */
  readonly dir: string;
  readonly interval: Microseconds;
  readonly block: number;
  readonly method: Method;
}

/**
 * Returns false if the user interrupted it. Throws PstatError (`query`) if it exits otherwise than it should, cannot run,
 * or nothing is recorded.
 */
export function recordVersion(version: Version, recording: Recording, context: RunContext): Promise<boolean> {
  const { method } = recording;
  if (method.kind === 'requests') return recordRequests(version, { ...recording, load: method.load }, context);
  return (method.kind === 'cprofile' ? recordPython : recordThreads)(version, recording, context);
}

async function recordThreads(version: Version, recording: Recording, context: RunContext): Promise<boolean> {
  const { exit, profiles, obstacle, failure } = await withLog(context.log, (printTo) =>
    withSignals(new SignalHandling(), (signals) =>
      recordProgram({ ...recordingOptions(version, recording), printTo, signals, requests: false }),
    ),
  );
  if (!checkRun(version, exit, { ...recording, ...context })) return false;
  if (failure !== null) throw failure.error;
  if (profiles.recorded.length === 0) throw nothingRecorded(`the run of ${version.label}`, obstacle, isPython(version));
  return true;
}

async function recordPython(version: Version, recording: Recording, context: RunContext): Promise<boolean> {
  const { dir, block } = recording;
  const { label, cwd, root } = version;
  const file = path.join(dir, `block-${block}.prof`);
  makeFolder(dir);
  const meter = new ChildMeter();
  const exit = await runCommand(withProfiler(version, file), cwd, context);
  const run = { ...meter.measure(), block, root };
  if (!checkRun(version, exit, { ...recording, ...context })) return false;
  if (!existsSync(file)) throw noProfWritten(`the run of ${label}`);
  writeRunsFile(dir, { [path.basename(file)]: run });
  return true;
}

async function recordRequests(
  version: Version,
  recording: Recording & { readonly load: Command },
  context: RunContext,
): Promise<boolean> {
  const { interruption, log, loadLog } = context;
  const { recorded, progress } = await withLog(log, (printTo) =>
    withLog(loadLog, async (printLoadTo) => {
      const load = new ServerLoad({ load: recording.load, printTo: printLoadTo, interruption });
      const recorded = await withSignals(new SignalHandling(OWN_GROUP), (signals) =>
        recordProgram({
          ...{ ...recordingOptions(version, recording), printTo, signals, requests: true },
          onStart: (pid) => load.start(pid),
        }),
      );
      return { recorded, progress: await load.finish() };
    }),
  );
  if (interruption.signal !== null) return false;
  const { label } = version;
  if (progress.reached !== 'end') throw serverFailed(label, { ...progress, ...recorded }, showOutput(log, context));
  if (!isCode(progress.exit, 0)) throw loadFailed(label, progress.exit, showOutput(loadLog, context));
  if (!readdirSync(recording.dir).some((name) => name.endsWith('.cpuprofile')))
    throw noRequestRecorded(label, recorded.obstacle);
  return true;
}

function recordingOptions({ command, args, cwd, root }: Version, { dir, interval, block }: Recording) {
  return {
    ...{ command, args, cwd, dir, interval },
    turn: { block, root },
    output: null,
    sources: false,
    onInterrupt: () => {},
  };
}

/** Prepares a worktree. Returns and throws as `recordVersion` does. */
export async function runSetup(setup: Command, { cwd, label }: Version, context: RunContext): Promise<boolean> {
  const exit = await runCommand(setup, cwd, context);
  if (context.interruption.signal !== null) return false;
  if (!isCode(exit, 0)) throw setupFailed(label, exit, showOutput(context.log, context));
  return true;
}

/** Runs a command that is not recorded by pstat, and keeps its output. */
function runCommand(command: Command, cwd: string, { log }: RunContext): Promise<ProcessExit> {
  return withLog(log, (output) =>
    withSignals(new SignalHandling(), (signals) => launch({ ...command, cwd, env: process.env, output, signals })),
  );
}

/** Returns false if the user interrupted it. */
function checkRun({ label }: Version, exit: ProcessExit, context: RunContext & Recording): boolean {
  const { interruption, log, exitCode, other } = context;
  if (interruption.signal !== null) return false;
  if (isCode(exit, exitCode)) return true;
  throw runFailed(label, { exit, exitCode, other }, showOutput(log, context));
}

function isCode(exit: ProcessExit, code: number): boolean {
  return 'code' in exit && exit.code === code;
}

/** Returns whether it printed anything. */
function showOutput(log: string, { onFailure }: RunContext): boolean {
  const printed = lastLines(log);
  onFailure(printed);
  return printed !== '';
}

async function withLog<Result>(log: string, run: (output: number) => Promise<Result>): Promise<Result> {
  const output = openSync(log, 'w', 0o600);
  try {
    return await run(output);
  } finally {
    closeSync(output);
  }
}

const MAX_LINES = 30;
const MAX_BYTES = 8000;

/** The last lines of a file that may be of any size. */
function lastLines(log: string): string {
  const text = (readEnd(log, MAX_BYTES) ?? '').trimEnd();
  const lines = text === '' ? [] : text.split(/\r?\n/).slice(-MAX_LINES);
  return lines.map((line) => `${escapeControls(line)}\n`).join('');
}
