/**
 * Errors that end a command. Each layer has an errors.ts with functions that build its messages: place, fact and remedy
 * on one line. Their text is escaped (text.ts), so that no message contains a control character.
 */

import { escapeControls, shorten } from './text.ts';

/**
 * The kind of an error:
 *
 * - `unreadable`: the operating system cannot read or write the file
 * - `unknown-format`: the file is not in a format that pstat reads
 * - `malformed`: the file is in a known format, but damaged
 * - `missing-data`: the profile does not have the data that the query needs
 * - `query`: the query or the command line is invalid
 * - `no-match`: nothing matches the query
 */
export type ErrorKind = 'unreadable' | 'unknown-format' | 'malformed' | 'missing-data' | 'query' | 'no-match';

/** An unknown word and the known ones, so that the command line can suggest the nearest. */
export interface UnknownWord {
  readonly word: string;
  readonly known: readonly string[];
}

/** Longer names and facts are shortened in messages: a file chooses both. */
const MAX_SOURCE = 160;
const MAX_FACT = 400;

/** What an error is about, beside its fact. */
export interface AboutError {
  readonly source?: string | null | undefined;
  readonly unknown?: UnknownWord;
  readonly errors?: readonly PstatError[];
  readonly canSkip?: boolean;
}

/** The only error that pstat throws on purpose. Any other error is a bug in pstat. */
export class PstatError extends Error {
  override readonly name = 'PstatError';
  readonly kind: ErrorKind;
  /** The escaped name of the file; null if there is none or it is not known yet. */
  readonly source: string | null;
  /** The message without the file's name. */
  readonly fact: string;
  /** A word that is unknown, and the known ones; null for other errors. */
  readonly unknown: UnknownWord | null;
  /** The errors of several files, each with its source; empty for any other error. */
  readonly errors: readonly PstatError[];
  /** Whether it is about some of several files, and the others can be read. */
  readonly canSkip: boolean;

  constructor(kind: ErrorKind, fact: string, about: AboutError = {}) {
    const source = about.source == null ? null : escapeControls(about.source);
    // Escaped here too: a fact may name a key or an id of the file.
    const shortFact = shorten(escapeControls(fact), MAX_FACT);
    super(source === null ? shortFact : `${shorten(source, MAX_SOURCE)}: ${shortFact}`);
    this.kind = kind;
    this.fact = shortFact;
    this.source = source;
    this.unknown = about.unknown ?? null;
    this.errors = about.errors ?? [];
    this.canSkip = about.canSkip ?? false;
  }

  /** Returns the error with a file name. An error that has one stays as it is. */
  in(source: string): PstatError {
    if (this.source !== null) return this;
    return new PstatError(this.kind, this.fact, {
      source,
      ...(this.unknown === null ? {} : { unknown: this.unknown }),
    });
  }
}

/** The query or the command line is invalid. @param unknown a word in it, and the known ones */
export function queryError(fact: string, unknown?: UnknownWord): PstatError {
  return new PstatError('query', fact, unknown && { unknown });
}

/** The profile does not have the data that the query needs. @param source its file, if it is of one */
export function missingDataError(fact: string, source?: string): PstatError {
  return new PstatError('missing-data', fact, { source });
}

/** The file is in a known format, but damaged. */
export function malformedError(fact: string): PstatError {
  return new PstatError('malformed', fact);
}

/** @param reason a system error code (`EACCES`) */
export function cannotWrite(target: string, reason: string): PstatError {
  return new PstatError('unreadable', `cannot be written: ${describeWriteError(reason)}`, { source: target });
}

/** @param reason a system error code (`EACCES`) */
export function describeWriteError(reason: string): string {
  return (
    {
      EACCES: 'permission denied',
      EPERM: 'permission denied',
      ENOENT: 'no such folder',
      ENAMETOOLONG: 'the name is too long',
      EMFILE: 'too many open files',
      ERR_ACCESS_DENIED: 'the permission model does not let pstat write it; add --allow-fs-write',
      ERR_INVALID_ARG_VALUE: 'the name has a zero byte',
      EROFS: 'the file system is read-only',
      ENOSPC: 'no space left',
      EISDIR: 'a folder where a file was expected',
      EEXIST: 'a file where a folder was expected',
      ENOTDIR: 'a file where a folder was expected',
    }[reason] ?? escapeControls(reason)
  );
}
