/**
 * Errors that end a command. Each layer has an errors.ts with functions that build its messages: place, fact and remedy
 * on one line. Text from files and users is escaped (text.ts), so that no message contains a control character.
 */

import { plural, quoted, visible } from './text.ts';

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

/** The only error that pstat throws on purpose. Any other error is a bug in pstat. */
export class PstatError extends Error {
  override readonly name = 'PstatError';
  readonly kind: ErrorKind;
  /** The escaped name of the file; null if there is none or it is not known yet. */
  readonly source: string | null;
  /** The message without the file's name. */
  readonly fact: string;
  /** The invalid regular expression with its slashes; null for other errors. */
  readonly pattern: string | null;

  constructor(kind: ErrorKind, fact: string, about: { source?: string | null; pattern?: string | null } = {}) {
    super(about.source == null ? fact : `${visible(about.source)}: ${fact}`);
    this.kind = kind;
    this.fact = fact;
    this.source = about.source == null ? null : visible(about.source);
    this.pattern = about.pattern ?? null;
  }

  /** Returns the error with a file name. An error that has one stays as it is. */
  in(source: string): PstatError {
    return this.source === null ? new PstatError(this.kind, this.fact, { source, pattern: this.pattern }) : this;
  }
}

// ---- reading files -------------------------------------------------------------------------------------------------

/** @param reason a system error code (`ENOENT`) */
export function cannotRead(source: string, reason: string): PstatError {
  if (source === '') return new PstatError('unreadable', 'an empty name where a file was expected');
  return new PstatError('unreadable', SYSTEM_REASONS[reason] ?? `cannot be read (${visible(reason)})`, { source });
}

const SYSTEM_REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'no such file or folder',
  EACCES: 'permission denied; ask for the right to read it',
  EPERM: 'permission denied; ask for the right to read it',
  EMFILE: 'too many open files; raise the limit with `ulimit -n`',
  ELOOP: 'a symbolic link that leads back to itself',
  EISDIR: 'a folder where a file was expected',
  ENOTDIR: 'a file where a folder was expected',
};

export function tooLarge(megabytes: number): PstatError {
  return new PstatError(
    'unreadable',
    `larger than ${megabytes} MB once unpacked, and no profile or trace of V8's, which may be of any size; record for a shorter time`,
  );
}

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

export function noProfileInFolder(folder: string, searched: number): PstatError {
  const what = searched === 0 ? 'the folder is empty' : `none of its ${plural(searched, 'file')} is a profile`;
  return new PstatError('unreadable', `${what}; record some with \`node --cpu-prof\` or \`python -m cProfile -o\``, {
    source: folder,
  });
}

export function nothingToRead(): PstatError {
  return new PstatError('query', 'no file given; name a profile, a folder of them, or - for standard input');
}

// ---- detecting formats ---------------------------------------------------------------------------------------------

export function emptyFile(): PstatError {
  return new PstatError('unknown-format', 'the file is empty; the program that wrote it may have been killed first');
}

/** @param what the unsupported format with its article, as in `a V8 heap profile` */
export function similarFile(what: string, remedy: string): PstatError {
  return new PstatError('unknown-format', `${what}, which pstat does not read; ${remedy}`);
}

export function unknownFormat(): PstatError {
  return new PstatError(
    'unknown-format',
    'not a profile pstat knows; it reads V8 .cpuprofile files and traces, and Python .prof files',
  );
}

export function brokenGzip(reason: string): PstatError {
  return new PstatError('malformed', `the gzip data is ${visible(reason)}; copy the file again`);
}

/** @param kind `malformed` if the beginning looks like a profile */
export function truncatedJson(bytes: number, kind: 'malformed' | 'unknown-format'): PstatError {
  return new PstatError(
    kind,
    `the JSON ends too early, after ${plural(bytes, 'byte')}; the file was cut short: copy or record it again`,
  );
}

/** @param place `line 3, column 14` */
export function brokenJson(place: string, kind: 'malformed' | 'unknown-format'): PstatError {
  return new PstatError(kind, `not valid JSON at ${place}; copy or record it again`);
}

/** Node 20 to 24 do not start V8's profiler for `--trace-event-categories` alone. */
export const TRACE_REMEDY =
  'record Node with `node --cpu-prof`, Chrome with the category disabled-by-default-v8.cpu_profiler';

export function noProfileInTrace(): PstatError {
  return new PstatError('unknown-format', `a trace without CPU samples; ${TRACE_REMEDY}`);
}

export function noThreads(thread: string): PstatError {
  return new PstatError('missing-data', `--thread ${quoted(thread)}: the file knows no threads; leave it out`);
}

/** @param known the names of the trace's threads */
export function unknownThread(thread: string, known: readonly string[]): PstatError {
  return new PstatError('missing-data', `--thread ${quoted(thread)} is not in the trace; it has ${listed(known)}`);
}

// ---- inside a profile ----------------------------------------------------------------------------------------------

/** @param place such as `nodes[3].callFrame.url`; @param expected with its article, such as `a string` */
export function wrongType(place: string, expected: string, found: unknown): PstatError {
  return new PstatError('malformed', `${place} is ${describe(found)}, not ${expected}`);
}

export function duplicateNodeId(place: string, id: number, first: string): PstatError {
  return new PstatError('malformed', `${place}.id is ${id}, which ${first} has already`);
}

/** @param list the place of the nodes, such as `nodes` */
export function unknownNode(place: string, id: number, list: string): PstatError {
  return new PstatError('malformed', `${place} names id ${id}, which is not in ${list}`);
}

export function secondParent(place: string, id: number, parent: number): PstatError {
  return new PstatError('malformed', `${place} names id ${id}, which is a child of id ${parent} already`);
}

export function nodeCycle(place: string, id: number): PstatError {
  return new PstatError('malformed', `${place} (id ${id}) is an ancestor of itself`);
}

/** @param fact what is wrong at the byte, such as `the data ends inside a string` */
export function brokenMarshal(offset: number, fact: string): PstatError {
  return new PstatError('malformed', `byte ${offset}: ${fact}`);
}

/** @param place such as `entry 3 'app.py:1(f)'` */
export function brokenEntry(place: string, fact: string): PstatError {
  return new PstatError('malformed', `${place}: ${fact}`);
}

// ---- queries -------------------------------------------------------------------------------------------------------

export function cannotMerge(first: string, second: string, why: string): PstatError {
  return new PstatError('missing-data', `cannot be merged with ${visible(first)}: ${why}; ask one kind at a time`, {
    source: second,
  });
}

export function missingSides(given: number): PstatError {
  return new PstatError(
    'query',
    `compare takes two paths, BEFORE and AFTER, and ${given} ${given === 1 ? 'is' : 'are'} given; quote a glob that names several files`,
  );
}

export function oneFolder(command: string, given: number): PstatError {
  return new PstatError('query', `${command} takes one folder, and ${given === 0 ? 'none is' : `${given} are`} given`);
}

export function nothingToAsk(): PstatError {
  return new PstatError('query', 'shell takes its questions from standard input, so - cannot be a profile too');
}

export function strictAlone(): PstatError {
  return new PstatError('query', '--strict needs --fail-above or --fail-on, which say what is checked');
}

export function unmatchedGate(): PstatError {
  return new PstatError('query', '--filter matches no function that could be checked; was it renamed?');
}

export function unknownSortKey(key: string, known: readonly string[]): PstatError {
  return new PstatError('query', `--sort ${quoted(key)} is not a key; use one of ${known.join(', ')}`);
}

export function ambiguousSortKey(key: string, meanings: readonly string[]): PstatError {
  return new PstatError('query', `--sort ${quoted(key)} could mean ${meanings.join(' or ')}; write one of them`);
}

export function untimedSortKey(key: string): PstatError {
  return new PstatError(
    'missing-data',
    `--sort ${key}: groups have no cumtime where only pairs are known; use tottime`,
  );
}

export function unanswerableSortKey(key: string, why: string, instead: string): PstatError {
  return new PstatError('missing-data', `--sort ${key}: ${why}; use ${instead}`);
}

export function noSampleTimes(source: string): PstatError {
  return new PstatError('missing-data', 'does not say when its samples were taken; leave out --from and --to', {
    source,
  });
}

export function noQueuedTime(source: string): PstatError {
  return new PstatError(
    'missing-data',
    'does not say how long the thread had no processor; record on Linux with `pstat record`, or use counted time',
    { source },
  );
}

export function noStacks(source: string): PstatError {
  return new PstatError('missing-data', 'knows pairs of functions, not stacks; use --filter, or callers and callees', {
    source,
  });
}

export function untimed(source: string): PstatError {
  return new PstatError(
    'missing-data',
    'does not say how long anything took, and a .prof holds nothing without times',
    {
      source,
    },
  );
}

export function badLimit(value: string): PstatError {
  return new PstatError('query', `--limit ${quoted(value)} is not a number of rows; use 20, 10% or 0 for all`);
}

/** @param pattern with its slashes and flags */
export function badPattern(pattern: string, reason: string): PstatError {
  return new PstatError('query', `the regular expression ${quoted(pattern)} does not parse: ${visible(reason)}`, {
    pattern,
  });
}

export function emptyWindow(from: string, to: string): PstatError {
  return new PstatError('query', `--from ${quoted(from)} is not before --to ${quoted(to)}`);
}

export function badOption(option: string, value: string, expected: string): PstatError {
  return new PstatError('query', `--${option} ${quoted(value)} is not ${expected}`);
}

export function profOfTopAlone(command: string): PstatError {
  return new PstatError(
    'query',
    `--format prof does not go with ${command}; a .prof holds a whole profile, \`pstat FILES… --format prof > out.prof\``,
  );
}

/** @param option an option that selects rows, with its dashes */
export function profOfEveryRow(option: string): PstatError {
  return new PstatError(
    'query',
    `${option} does not go with --format prof, which writes every function; --focus, --ignore, --from and --to choose stacks`,
  );
}

export function profToTerminal(): PstatError {
  return new PstatError(
    'query',
    'a .prof is binary and not for a terminal; write it to a file: --format prof > out.prof',
  );
}

/** @param words the given FUNCTION and FILES */
export function missingWords(command: string, words: readonly string[]): PstatError {
  const [only] = words;
  const missing =
    only === undefined ? 'no function and no file given' : `no file given after the function ${quoted(only)}`;
  return new PstatError(
    'query',
    `${missing}; write \`pstat ${command} FUNCTION FILES…\`, or ./${command} for a file of that name`,
  );
}

export function unknownTopic(topic: string, known: readonly string[]): PstatError {
  return new PstatError('query', `no help on ${quoted(topic)}; there is ${known.join(', ')}`);
}

export function unknownShell(shell: string, known: readonly string[]): PstatError {
  const fact = shell === '' ? 'no shell named' : `no completion for ${quoted(shell)}`;
  return new PstatError('query', `${fact}; there is ${known.join(', ')}`);
}

/** @param option as given, with its dashes */
export function unknownOption(option: string): PstatError {
  const shown = visible(option);
  return new PstatError(
    'query',
    `unknown option ${shown}; see \`pstat --help\`, and write ./${shown} for a file of that name`,
  );
}

export function flagWithValue(option: string): PstatError {
  return new PstatError('query', `--${option} takes no value; write it alone, or leave it out`);
}

export function foreignOption(option: string, command: string): PstatError {
  return new PstatError('query', `--${option} does not go with ${command}; see \`pstat ${command} --help\``);
}

/** @param message from yargs */
export function usageError(message: string): PstatError {
  const [, option] = /^Not enough arguments following: (.*)$/s.exec(message) ?? [];
  const fact =
    option === undefined
      ? `${message.replace(/\s*\n\s*/g, ' ')}; see \`pstat --help\``
      : `${dashed(option)} needs a value; one that begins with a dash is written ${dashed(option)}=-x`;
  return new PstatError('query', visible(fact));
}

/** An option of one letter has one dash. */
function dashed(option: string): string {
  return option.length === 1 ? `-${option}` : `--${option}`;
}

/** Lists the first names and the number of the others, because a file may have many. */
function listed(names: readonly string[]): string {
  const first = names.slice(0, 8).map((name) => visible(name.length > 60 ? `${name.slice(0, 60)}…` : name));
  return `${first.join(', ')}${names.length > 8 ? ` and ${names.length - 8} more` : ''}`;
}

function describe(value: unknown): string {
  if (value === undefined) return 'missing';
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'an object';
  if (typeof value === 'string') return `the text ${quoted(value)}`;
  return `${typeof value === 'number' ? '' : 'the value '}${String(value)}`;
}

// ---- recording -----------------------------------------------------------------------------------------------------

export function missingCommand(): PstatError {
  return new PstatError('query', 'no program to record; write `pstat record -- node app.js`');
}

/** @param reason a system error code (`ENOENT`) */
export function cannotRun(command: string, reason: string): PstatError {
  const why = { ENOENT: 'no such program', EACCES: 'not a program that may be run' }[reason] ?? visible(reason);
  return new PstatError('query', `cannot run ${quoted(command)}: ${why}`);
}

/** @param reason a system error code (`EACCES`) */
export function cannotWrite(target: string, reason: string): PstatError {
  const why =
    {
      EACCES: 'permission denied',
      EPERM: 'permission denied',
      ENOENT: 'no such folder',
      EROFS: 'the file system is read-only',
      ENOSPC: 'no space left',
      EISDIR: 'a folder where a file was expected',
      EEXIST: 'a file where a folder was expected',
      ENOTDIR: 'a file where a folder was expected',
    }[reason] ?? visible(reason);
  return new PstatError('unreadable', `cannot be written: ${why}`, { source: target });
}
