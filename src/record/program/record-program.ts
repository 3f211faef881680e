/** Runs a program, records it, and writes its profiles. */

import { rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { PstatError } from '../../base/errors.ts';
import { systemErrorCode } from '../../base/system-error.ts';
import type { Microseconds } from '../../model/raw-profile.ts';
import { variableOf } from '../request/options.ts';
import { makeTemporaryFolder } from '../temporary-folder.ts';
import { TURN_VARIABLE } from '../turn.ts';
import { type CollectedProfiles, collectProfiles } from './collect-profiles.ts';
import { cannotCollect, unwritableReason } from './errors.ts';
import { FlightFollower, type FlightOptions } from './flight-follower.ts';
import { type LaunchOptions, launch, type ProcessExit, recordingEnvironment, usesPermissions } from './launch.ts';
import { PERMISSION_OBSTACLE } from './obstacle.ts';
import { prepareTarget, type Target } from './profile-files.ts';
import {
  INTERVAL_VARIABLE,
  LAST_VARIABLE,
  READER_VARIABLE,
  REQUESTS_VARIABLE,
  SOURCES_VARIABLE,
  SPOOL_VARIABLE,
  STALL_VARIABLE,
} from './spool-format.ts';
import { SpoolFolder } from './spool-reader.ts';
import { type UnrecordedProcess, UnrecordedProcesses } from './unrecorded-processes.ts';

interface RecordOptions extends Target, Pick<LaunchOptions, 'command' | 'args' | 'cwd' | 'signals' | 'onStart'> {
  readonly interval: Microseconds;
  /** Whether the texts of scripts are kept. */
  readonly sources: boolean;
  /** Profile the requests of its servers instead of its threads. */
  readonly requests: boolean;
  /** Keep only what was recorded last. @default everything */
  readonly flight?: FlightOptions | null;
  /** A descriptor for what the program prints. @default the streams of pstat */
  readonly printTo?: number;
  /** Called if the user interrupts pstat while it writes the profiles. */
  readonly onInterrupt: () => void;
}

export interface ProgramRecording {
  readonly exit: ProcessExit;
  readonly profiles: CollectedProfiles;
  /** Node processes without a spool. */
  readonly unrecorded: readonly UnrecordedProcess[];
  /** Why nothing of the program is recorded; null if it is. */
  readonly obstacle: string | null;
  /** What could not be written, and the folder that holds it instead. */
  readonly failure: { readonly error: PstatError; readonly spool: string } | null;
  /** Whether the program deleted the folder of the spools. */
  readonly isSpoolDeleted: boolean;
}

/** Throws PstatError if the program does not run. Afterwards it never throws one. */
export async function recordProgram(options: RecordOptions): Promise<ProgramRecording> {
  await prepareTarget(options);
  if (usesPermissions([options.command, ...options.args])) {
    const exit = await launch({ ...options, env: process.env, output: options.printTo });
    return { ...NOTHING, exit, obstacle: PERMISSION_OBSTACLE };
  }
  const spool = makeTemporaryFolder('pstat-record-');
  const removeSpool = () => rmSync(spool, { recursive: true, force: true });
  let keepsSpool = false;
  try {
    const recording = await recordInto(spool, options, removeSpool);
    keepsSpool = recording.failure !== null;
    return recording;
  } finally {
    if (!keepsSpool) removeSpool();
  }
}

const NOTHING: Omit<ProgramRecording, 'exit'> = {
  profiles: { recorded: [], failed: [], empty: [], pids: new Set() },
  unrecorded: [],
  obstacle: null,
  failure: null,
  isSpoolDeleted: false,
};

async function recordInto(spool: string, options: RecordOptions, removeSpool: () => void): Promise<ProgramRecording> {
  const { requests, signals, flight = null } = options;
  const env = recordingEnvironment(variablesFor(spool, options));
  const folder = new SpoolFolder(spool);
  const follower = flight === null ? null : new FlightFollower(folder, flight);
  const processes = new UnrecordedProcesses();
  try {
    follower?.start();
    let root = 0;
    const onStart = (pid: number) => {
      root = pid;
      processes.start(pid);
      options.onStart?.(pid);
    };
    const exit = await launch({ ...options, env, output: options.printTo, onStart });
    const end = { pid: root, time: Date.now() };
    processes.stop();
    signals.guard({ onFirst: options.onInterrupt, onSecond: removeSpool });
    const { isDeleted: isSpoolDeleted } = folder;
    const { profiles, failure } = await collect(
      spool,
      () => follower?.finish(options) ?? collectProfiles(folder, options, end),
    );
    const unrecorded = processes.list().filter(({ pid }) => !profiles.pids.has(pid));
    const isMissing = !requests && profiles.pids.size === 0 && failure === null;
    return {
      exit,
      profiles,
      unrecorded,
      failure,
      obstacle: isMissing ? findSpoolObstacle(spool) : null,
      isSpoolDeleted,
    };
  } finally {
    follower?.stop();
    processes.stop();
    folder.close();
  }
}

/** Why no recorder could write its spool; null if the folder takes files. */
function findSpoolObstacle(spool: string): string | null {
  try {
    writeFileSync(path.join(spool, 'probe'), '\n'.repeat(PROBE_SIZE), { flag: 'wx', mode: 0o600 });
    return null;
  } catch (error) {
    const code = systemErrorCode(error);
    return code === 'ENOENT' ? null : unwritableReason(code); // the program deleted the folder
  }
}

/** Bytes: a block of most file systems. */
const PROBE_SIZE = 4096;

/** Sets all of them: pstat may run in a program that is recorded. */
function variablesFor(spool: string, options: RecordOptions): Record<string, string> {
  const { interval, requests, sources, flight = null } = options;
  return {
    [SPOOL_VARIABLE]: spool,
    [READER_VARIABLE]: String(process.pid),
    [REQUESTS_VARIABLE]: requests ? '1' : '0',
    [INTERVAL_VARIABLE]: String(interval),
    [SOURCES_VARIABLE]: sources ? '1' : '0',
    [LAST_VARIABLE]: flight === null ? '0' : '1',
    [STALL_VARIABLE]: String(flight?.stalls?.limit ?? 0),
    ...(requests ? requestVariables(options) : {}),
  };
}

/** Other options of the request profiler are read from the variables that the user sets. */
function requestVariables({ dir, turn = null, interval, sources }: RecordOptions): Record<string, string> {
  return {
    [variableOf('dir')]: path.resolve(dir),
    [variableOf('interval')]: String(interval),
    [variableOf('sources')]: String(sources),
    ...(turn === null ? {} : { [TURN_VARIABLE]: JSON.stringify(turn) }),
  };
}

async function collect(
  spool: string,
  collectAll: () => Promise<CollectedProfiles>,
): Promise<Pick<ProgramRecording, 'profiles' | 'failure'>> {
  try {
    return { profiles: await collectAll(), failure: null };
  } catch (error) {
    const known = error instanceof PstatError ? error : cannotCollect(error);
    return { profiles: NOTHING.profiles, failure: { error: known, spool } };
  }
}
