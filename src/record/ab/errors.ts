/** Errors of `pstat ab`. */

import { PstatError, queryError } from '../../base/errors.ts';
import { escapeControls, quote } from '../../base/text.ts';
import type { ProcessExit } from '../program/launch.ts';
import { MAX_START } from './server-load.ts';

export function noRepository(): PstatError {
  return queryError('not in a git repository; name two folders or commands with --before and --after');
}

export function noGit(): PstatError {
  return queryError('git is not installed; name two folders or commands with --before and --after');
}

export function unknownRevision(revision: string): PstatError {
  return queryError(`no revision ${quote(revision)} in this repository; write a commit, branch or tag`);
}

/** @param message what git printed */
export function gitFailed(command: string, message: string): PstatError {
  const lines = message.trim().split('\n');
  const reason = lines.find((line) => line.startsWith('fatal: ')) ?? lines.at(-1) ?? ''; // advice may follow
  return new PstatError('unreadable', `git ${command} failed: ${escapeControls(reason)}`);
}

export function noFolder(folder: string): PstatError {
  return new PstatError('query', 'not a folder; --before and --after with a command after -- name two folders', {
    source: folder,
  });
}

export function noFolderInRevision(folder: string, label: string): PstatError {
  return queryError(`${label} has no folder ${quote(folder)}, where pstat runs; run it at the top`);
}

export function folderInUse(dir: string): PstatError {
  return new PstatError('query', 'holds other files; name a new folder with --dir', { source: dir });
}

export function otherRuns(dir: string): PstatError {
  const fact =
    'holds runs of another comparison (other commands, revisions, changes or options); name a new folder with --dir';
  return new PstatError('query', fact, { source: dir });
}

interface WrongExit {
  readonly exit: ProcessExit;
  /** The code that it should be. */
  readonly exitCode: number;
  /** The label of the other version if a run of it has exited so. */
  readonly other: string | null;
}

/** @param hasPrinted whether its output is shown */
export function runFailed(label: string, { exit, exitCode, other }: WrongExit, hasPrinted: boolean): PstatError {
  const rule =
    other === null
      ? `and all runs must exit with ${exitCode}${'code' in exit ? ` (or --exit-code ${exit.code}, if both versions do)` : ''}`
      : `and that of ${other} with ${exitCode}: both must exit alike`;
  return queryError(`the run of ${label} ${howEnded(exit)}, ${rule}; ${whereOutput(hasPrinted)}`);
}

export function setupFailed(label: string, exit: ProcessExit, hasPrinted: boolean): PstatError {
  return queryError(`--setup of ${label} ${howEnded(exit)}; ${whereOutput(hasPrinted)}`);
}

function howEnded(exit: ProcessExit): string {
  return 'code' in exit ? `exited with code ${exit.code}` : `was ended by ${exit.signal}`;
}

function whereOutput(hasPrinted: boolean): string {
  return hasPrinted ? 'what it printed is above' : 'it printed nothing';
}

/** A server that did not serve the load to its end. @param reached how far it came */
export function serverFailed(
  label: string,
  { reached, exit }: { readonly reached: 'start' | 'deadline' | 'listening'; readonly exit: ProcessExit },
  hasPrinted: boolean,
): PstatError {
  const fact = {
    start: `${howEnded(exit)} before it opened a port`,
    deadline: `opened no TCP port within ${MAX_START / 1000} s`,
    listening: `${howEnded(exit)} while the load ran`,
  }[reached];
  return queryError(`the server of ${label} ${fact}; ${whereOutput(hasPrinted)}`);
}

export function loadFailed(label: string, exit: ProcessExit, hasPrinted: boolean): PstatError {
  return queryError(`the load on ${label} ${howEnded(exit)}; ${whereOutput(hasPrinted)}`);
}

/** @param reason null if it is not known */
export function noRequestRecorded(label: string, reason: string | null): PstatError {
  const why = reason ?? 'the load must send requests to a server of node:http or node:https';
  return queryError(`the run of ${label} recorded no request: ${escapeControls(why)}`);
}

export function serversOnLinux(): PstatError {
  return queryError('pstat finds the port of a server on Linux alone, so requests are compared there');
}

/** @param isPython whether the command runs Python */
export function nothingRecorded(what: string, reason: string | null, isPython: boolean): PstatError {
  const python = isPython ? '; Python is recorded with --profiler cprofile' : '';
  const why = reason ?? `no Node program loaded the recorder${python}`;
  return queryError(`${what} recorded nothing: ${escapeControls(why)}`);
}

export function notPython(command: string): PstatError {
  return queryError(`cProfile records python SCRIPT and python -m MODULE, and ${quote(command)} is neither`);
}

export function pythonCode(): PstatError {
  return queryError('cProfile runs no code of the command line (python -c); write it into a file');
}

export function noProfWritten(what: string): PstatError {
  return queryError(`cProfile wrote nothing for ${what}: it ends otherwise than by returning or sys.exit`);
}
