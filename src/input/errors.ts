/** Errors of finding, opening and unpacking files. */

import { malformedError, missingDataError, PstatError, queryError } from '../base/errors.ts';
import { listOthers, type OtherEntries } from '../base/other-entries.ts';
import { escapeControls, groupDigits, listFirst, pluralize, quote } from '../base/text.ts';
import { formatBytes } from '../base/units.ts';

/** @param reason a system error code (`ENOENT`) */
export function cannotRead(source: string, reason: string): PstatError {
  if (source === '') return new PstatError('unreadable', 'an empty name where a file was expected');
  return new PstatError('unreadable', SYSTEM_REASONS[reason] ?? `cannot be read (${escapeControls(reason)})`, {
    source,
  });
}

const SYSTEM_REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'no such file or folder',
  EACCES: 'permission denied; ask for the right to read it',
  EPERM: 'permission denied; ask for the right to read it',
  ERR_ACCESS_DENIED: 'the permission model does not let pstat read it; add --allow-fs-read',
  EMFILE: 'too many open files; raise the limit with `ulimit -n`',
  ELOOP: 'a symbolic link that leads back to itself',
  EISDIR: 'a folder where a file was expected',
  ENOTDIR: 'a file where a folder was expected',
};

/** @param byte where the file departs from what V8 writes */
export function tooLargeForPlainReader(megabytes: number, byte: number): PstatError {
  return new PstatError(
    'unreadable',
    `larger than ${megabytes} MB, and at byte ${byte} not as V8 writes a profile: cut short, damaged, of another kind, or with a part of over 16 MB`,
  );
}

export function noFileMatches(glob: string): PstatError {
  return new PstatError('unreadable', 'no file matches this pattern', { source: glob });
}

export function tooManyFolders(glob: string, max: number): PstatError {
  const fact = `leads through more than ${groupDigits(String(max))} folders; name one that has the profiles`;
  return new PstatError('unreadable', fact, { source: glob });
}

/** @param searched the number of its files */
export function noProfileInFolder(folder: string, searched: number, others: OtherEntries): PstatError {
  const besides = listOthers(others);
  const what =
    searched > 0
      ? `none of its ${pluralize(searched, 'file')} is a profile`
      : besides.length > 0
        ? 'the folder has no file that can be read'
        : 'the folder has no files';
  const where = besides.length === 0 ? '' : ` (it has ${besides.join(', ')})`;
  return new PstatError(
    'unreadable',
    `${what}${where}; record some with \`node --cpu-prof\` or \`python -m cProfile -o\`, of requests with the request profiler`,
    { source: folder },
  );
}

/** @param errors each with its source @param files the number of all files */
export function brokenFiles(errors: readonly [PstatError, ...PstatError[]], files: number): PstatError {
  const [first] = errors;
  const canSkip = errors.length < files;
  if (errors.length === 1) return new PstatError(first.kind, first.fact, { source: first.source, canSkip });
  return new PstatError(first.kind, `${errors.length} of ${pluralize(files, 'file')} cannot be read`, {
    errors,
    canSkip,
  });
}

export function nothingToRead(): PstatError {
  return queryError('no file given; name a profile, a folder of them, or - for standard input');
}

export function emptyFile(): PstatError {
  return new PstatError('unknown-format', 'the file is empty; the program that wrote it may have been killed first');
}

export function unpacksTooFar(bytes: number): PstatError {
  return new PstatError(
    'unreadable',
    `larger than ${formatBytes(bytes)} once unpacked, and no profile; look into it with zcat`,
  );
}

export function brokenGzip(reason: string): PstatError {
  return malformedError(`the gzip data is ${escapeControls(reason)}; copy the file again`);
}

export function noThreads(thread: string): PstatError {
  return missingDataError(`has no threads, so no thread ${quote(thread)}; read it without a thread`);
}

export function noValues(value: string): PstatError {
  return missingDataError(`has one value a sample, so no value ${quote(value)}; read it without naming one`);
}

/** @param known the names of the trace's threads */
export function unknownThread(thread: string, known: readonly string[]): PstatError {
  return missingDataError(`thread ${quote(thread)} is not in the trace; it has ${listThreads(known)}`);
}

export function noQueuedTime(source: string): PstatError {
  return missingDataError(
    'does not say how long the thread had no processor; record on Linux with `pstat record`, or use counted time',
    source,
  );
}

function listThreads(names: readonly string[]): string {
  return listFirst(names, 8, (name) => escapeControls(name.length > 60 ? `${name.slice(0, 60)}…` : name));
}
