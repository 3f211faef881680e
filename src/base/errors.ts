/**
 * What pstat says when it cannot go on. Every message is made here, from data: place, fact, remedy, on one line.
 *
 * Facts about a profile's insides name the place as one would write it in code (`nodes[812].children[3]`).
 * Whatever stems from a file or a user is made visible first (text.ts), so no message can carry an escape sequence.
 */

import { plural, quoted, visible } from './text.ts';

/**
 * Why something could not be done:
 *
 * - `unreadable`: the operating system did not give the bytes
 * - `unknown-format`: the bytes are no profile that pstat knows
 * - `malformed`: they are a profile of a known format, and it is broken
 * - `missing-data`: the profile is fine, and the question asks for what it does not hold
 * - `query`: the question itself does not parse
 * - `no-match`: what the question names is not there
 */
export type ErrorKind = 'unreadable' | 'unknown-format' | 'malformed' | 'missing-data' | 'query' | 'no-match';

/** An unknown word and the known ones, so that the command line can suggest the nearest. */
export interface UnknownWord {
  readonly word: string;
  readonly known: readonly string[];
}

/** The only error that pstat throws on purpose. Any other error is a defect of pstat. */
export class PstatError extends Error {
  override readonly name = 'PstatError';
  readonly kind: ErrorKind;
  /** The file it is about, visible, or null when it is about no file or not known yet. */
  readonly source: string | null;
  /** What is wrong, without the file's name. */
  readonly fact: string;
  /** The regular expression that does not parse, with its slashes; null for any other error. */
  readonly pattern: string | null;
  /** A word that is unknown, and the known ones; null for any other error. */
  readonly unknown: UnknownWord | null;

  constructor(
    kind: ErrorKind,
    fact: string,
    about: { source?: string | null; pattern?: string | null; unknown?: UnknownWord } = {},
  ) {
    super(about.source == null ? fact : `${visible(about.source)}: ${fact}`);
    this.kind = kind;
    this.fact = fact;
    this.source = about.source == null ? null : visible(about.source);
    this.pattern = about.pattern ?? null;
    this.unknown = about.unknown ?? null;
  }

  /** The same error, said of a file. An error that names its file already stays as it is. */
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

// ---- telling formats apart -----------------------------------------------------------------------------------------

export function emptyFile(): PstatError {
  return new PstatError('unknown-format', 'the file is empty; the program that wrote it may have been killed first');
}

/** @param what names the look-alike with its article, as in `a V8 heap profile` */
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

/** @param kind `malformed` where what is there looks like a profile */
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

/** Node 20 to 24 leave V8's profiler off when nothing but `--trace-event-categories` asks for its category. */
export const TRACE_REMEDY =
  'record Node with `node --cpu-prof`, Chrome with the category disabled-by-default-v8.cpu_profiler';

export function noProfileInTrace(): PstatError {
  return new PstatError('unknown-format', `a trace without CPU samples; ${TRACE_REMEDY}`);
}

export function noThreads(thread: string): PstatError {
  return new PstatError('missing-data', `--thread ${quoted(thread)}: the file knows no threads; leave it out`);
}

/** @param known the threads there are, each as a user would name it */
export function unknownThread(thread: string, known: readonly string[]): PstatError {
  return new PstatError('missing-data', `--thread ${quoted(thread)} is not in the trace; it has ${listed(known)}`);
}

// ---- inside a profile ----------------------------------------------------------------------------------------------

/** @param place as `nodes[3].callFrame.url`; @param expected with its article, as `a string` */
export function wrongType(place: string, expected: string, found: unknown): PstatError {
  return new PstatError('malformed', `${place} is ${describe(found)}, not ${expected}`);
}

export function duplicateNodeId(place: string, id: number, first: string): PstatError {
  return new PstatError('malformed', `${place}.id is ${id}, which ${first} has already`);
}

/** @param list what holds the nodes, as `nodes` */
export function unknownNode(place: string, id: number, list: string): PstatError {
  return new PstatError('malformed', `${place} names id ${id}, which is not in ${list}`);
}

export function secondParent(place: string, id: number, parent: number): PstatError {
  return new PstatError('malformed', `${place} names id ${id}, which is a child of id ${parent} already`);
}

export function nodeCycle(place: string, id: number): PstatError {
  return new PstatError('malformed', `${place} (id ${id}) is an ancestor of itself`);
}

/** @param fact what is wrong at the byte, as `the data ends inside a string` */
export function brokenMarshal(offset: number, fact: string): PstatError {
  return new PstatError('malformed', `byte ${offset}: ${fact}`);
}

/** @param place as `entry 3 'app.py:1(f)'` */
export function brokenEntry(place: string, fact: string): PstatError {
  return new PstatError('malformed', `${place}: ${fact}`);
}

// ---- asking --------------------------------------------------------------------------------------------------------

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

export function functionsOfSeveralRoutes(): PstatError {
  return new PstatError('query', '--fail-on function checks one route; choose it with --route');
}

export function unmatchedGate(): PstatError {
  return new PstatError('query', '--filter and --exclude leave nothing to check; was it renamed?');
}

export function unknownSortKey(key: string, known: readonly string[]): PstatError {
  const fact = `--sort ${quoted(key)} is not a key; use one of ${known.join(', ')}`;
  return new PstatError('query', fact, { unknown: { word: key, known } });
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

/** @param option what asks for rows, with its dashes */
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

/** @param words what was given of FUNCTION and FILES */
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
  const fact = `no help on ${quoted(topic)}; there is ${known.join(', ')}`;
  return new PstatError('query', fact, { unknown: { word: topic, known } });
}

export function unknownShell(shell: string, known: readonly string[]): PstatError {
  const fact = shell === '' ? 'no shell named' : `no completion for ${quoted(shell)}`;
  return new PstatError('query', `${fact}; there is ${known.join(', ')}`);
}

/** @param option as it was written, with its dashes; @param known with their dashes */
export function unknownOption(option: string, known: readonly string[]): PstatError {
  const shown = visible(option);
  return new PstatError(
    'query',
    `unknown option ${shown}; see \`pstat --help\`, and write ./${shown} for a file of that name`,
    { unknown: { word: option, known } },
  );
}

export function flagWithValue(option: string): PstatError {
  return new PstatError('query', `--${option} takes no value; write it alone, or leave it out`);
}

export function foreignOption(option: string, command: string): PstatError {
  return new PstatError('query', `--${option} does not go with ${command}; see \`pstat ${command} --help\``);
}

/** @param message as yargs puts it */
export function usageError(message: string): PstatError {
  const [, option] = /^Not enough arguments following: (.*)$/s.exec(message) ?? [];
  const fact =
    option === undefined
      ? `${message.replace(/\s*\n\s*/g, ' ')}; see \`pstat --help\``
      : `${dashed(option)} needs a value; one that begins with a dash is written ${dashed(option)}=-x`;
  return new PstatError('query', visible(fact));
}

/** One letter has one dash. */
function dashed(option: string): string {
  return option.length === 1 ? `-${option}` : `--${option}`;
}

/** A list that no file can make long: the first few, and how many more. */
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
