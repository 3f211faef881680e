/** Errors of `pstat ab`. */

import { PstatError } from '../../base/errors.ts';
import { escapeControls, quote } from '../../base/text.ts';
import type { ProcessExit } from '../program/launch.ts';

export function noRepository(): PstatError {
  return new PstatError('query', 'not in a git repository; name two folders or commands with --before and --after');
}

export function noGit(): PstatError {
  return new PstatError('query', 'git is not installed; name two folders or commands with --before and --after');
}

export function unknownRevision(revision: string): PstatError {
  return new PstatError('query', `no revision ${quote(revision)} in this repository; write a commit, branch or tag`);
}

/** @param message what git printed */
export function gitFailed(command: string, message: string): PstatError {
  const reason = message.trim().split('\n').at(-1) ?? '';
  return new PstatError('unreadable', `git ${command} failed: ${escapeControls(reason)}`);
}

export function noFolder(folder: string): PstatError {
  return new PstatError('query', 'not a folder; --before and --after with a command after -- name two folders', {
    source: folder,
  });
}

export function noFolderInRevision(folder: string, label: string): PstatError {
  return new PstatError('query', `${label} has no folder ${quote(folder)}, where pstat runs; run it at the top`);
}

export function folderInUse(dir: string): PstatError {
  return new PstatError('query', 'holds other files; name a new folder with --dir', { source: dir });
}

export function otherRuns(dir: string): PstatError {
  const fact =
    'holds runs of another comparison (other commands, revisions, changes or options); name a new folder with --dir';
  return new PstatError('query', fact, { source: dir });
}

/** @param what `the run of v1.2` @param hasPrinted whether its output is shown */
export function runFailed(what: string, exit: ProcessExit, hasPrinted: boolean): PstatError {
  const how = 'code' in exit ? `exited with code ${exit.code}` : `was ended by ${exit.signal}`;
  return new PstatError(
    'query',
    `${what} ${how}, and all runs must exit with 0; ${hasPrinted ? 'what it printed is above' : 'it printed nothing'}`,
  );
}

export function nothingRecorded(what: string, reason: string | null): PstatError {
  const why = reason ?? 'no Node program loaded the recorder';
  return new PstatError('query', `${what} recorded nothing: ${escapeControls(why)}`);
}
