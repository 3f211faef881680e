/** The commands of the shell: pstats' own, with its messages to the letter, and those that it lacks. */

import { visible } from '../../base/text.ts';
import { pythonWords } from '../../pstats/python-text.ts';
import type { Restriction } from '../../pstats/restrictions.ts';
import { GROUPINGS } from '../../query/grouping.ts';
import { type AnyView, FORMATS, noteLines, type RenderOptions, render } from '../../render/render.ts';
import { helpPage, topicPage } from './help.ts';
import { quotedWords, restrictionWords } from './parse-line.ts';
import { answering, type Reply, SILENCE, saying } from './reply.ts';
import { PATTERN_KINDS, type PatternKind, type Session } from './session.ts';

/** What a command works on. */
export interface Bench {
  readonly session: Session;
  /** How its answer is written. */
  readonly screen: RenderOptions;
}

/** @param rest what stands behind the command's word */
type Run = (rest: string, bench: Bench) => Reply | Promise<Reply>;

const NOT_LOADED = saying('No statistics object is loaded.');

/** name -> what it does. Throws PstatError where it cannot. */
export const SHELL_COMMANDS: ReadonlyMap<string, Run> = new Map<string, Run>([
  ['read', read],
  ['add', loaded(add)],
  ['stats', lists('functions')],
  ['callers', lists('callers')],
  ['callees', lists('callees')],
  ['sort', loaded(sort)],
  ['reverse', loaded((_, { session }) => silently(() => session.reverse()))],
  ['strip', loaded((_, { session }) => silently(() => session.strip()))],
  ['quit', () => ({ ...SILENCE, leaves: true })],
  ['EOF', () => ({ ...saying(''), leaves: true })],
  ['help', (rest) => answering(...(rest === '' ? helpPage() : topicPage(rest)))],
  ...PATTERN_KINDS.map((kind) => [kind, patterns(kind)] as const),
  ['by', loaded(by)],
  ['compare', loaded(compare)],
  ['format', format],
]);

/** These take the whole line for a name, whatever stands in it. */
export const TAKING_NAMES: ReadonlySet<string> = new Set(['read', 'add']);

function loaded(run: Run): Run {
  return (rest, bench) => (bench.session.isLoaded ? run(rest, bench) : NOT_LOADED);
}

function silently(act: () => void): Reply {
  act();
  return SILENCE;
}

// ---- pstats' own ---------------------------------------------------------------------------------------------------

/** Without a name, what was read is read again; what was added is forgotten, as in pstats. */
async function read(rest: string, { session }: Bench): Promise<Reply> {
  const name = rest === '' ? session.name : rest;
  if (name === '') return saying('No statistics object is current -- cannot reload.');
  return noted(await session.read(name));
}

async function add(name: string, { session }: Bench): Promise<Reply> {
  return noted(await session.add(name));
}

function noted(notes: readonly string[]): Reply {
  return { ...SILENCE, err: noteLines(notes) };
}

function lists(list: 'functions' | 'callers' | 'callees'): Run {
  const word = list === 'functions' ? 'stats' : list;
  return restricted(word, (restrictions, { session }) => session.list(list, restrictions));
}

/** A command whose words are restrictions. pstats complains of them before it finds that nothing is loaded. */
function restricted(word: string, answer: (restrictions: readonly Restriction[], bench: Bench) => AnyView): Run {
  return async (rest, bench) => {
    const { restrictions, messages } = restrictionWords(rest);
    const reply = bench.session.isLoaded ? await shown(answer(restrictions, bench), bench, `${word} 0`) : NOT_LOADED;
    return { ...reply, told: saying(...messages).told + reply.told };
  };
}

/** @param showAll what to write to see all rows */
async function shown(view: AnyView, { session, screen }: Bench, showAll: string): Promise<Reply> {
  const { stdout, stderr } = await render(view, session.format, { ...screen, showAll });
  return { ...SILENCE, answer: stdout, err: stderr };
}

function sort(rest: string, { session }: Bench): Reply {
  const words = pythonWords(rest);
  if (words.length > 0 && session.takesKeys(words)) return silently(() => session.sort(words));
  const lines = session.keys().map(([word, meaning]) => `${word} -- ${meaning}`);
  const prefixes = session.format === 'pstats' ? ' (unique prefixes are accepted)' : '';
  return answering(`Valid sort keys${prefixes}:`, ...lines);
}

// ---- what pstats lacks ---------------------------------------------------------------------------------------------

const NO_PATTERNS = 'off';

/** Patterns take the place of those before; `off` takes them away; without any, it says what they are. */
function patterns(kind: PatternKind): Run {
  return (rest, { session }) => {
    const words = quotedWords(rest);
    if (words.length > 0) return silently(() => session.setPatterns(kind, rest === NO_PATTERNS ? [] : words));
    const present = session.patterns(kind).map((pattern) => `'${visible(pattern)}'`);
    return saying(present.length === 0 ? `${kind}: none` : `${kind}: ${present.join(' ')} (${kind} off: none)`);
  };
}

function by(rest: string, bench: Bench): Reply | Promise<Reply> {
  const [word = '', ...others] = pythonWords(rest);
  const grouping = GROUPINGS.find((each) => each === word);
  if (grouping === undefined) return saying(`by takes ${inWords(GROUPINGS)}, and then what stats takes`);
  const answer = restricted(`by ${grouping}`, (restrictions, { session }) => session.rows(grouping, restrictions));
  return answer(others.join(' '), bench);
}

/** What was read against a path; a number before it is how many rows. */
async function compare(rest: string, bench: Bench): Promise<Reply> {
  const [, limit = null, path = ''] = /^(?:(\d+%?)\s+)?(.*)$/s.exec(rest) ?? [];
  if (path === '') return saying('compare takes the path of what came after: compare 20 after/');
  return shown(await bench.session.compare(path, limit), bench, `compare 0 ${path}`);
}

function format(rest: string, { session }: Bench): Reply {
  const chosen = FORMATS.find((each) => each === rest);
  if (chosen !== undefined) return silently(() => session.setFormat(chosen));
  return saying(`format: ${session.format}; there is ${inWords(FORMATS)}`);
}

function inWords(words: readonly string[]): string {
  return words.join(', ').replace(/, ([^,]*)$/, ' and $1');
}
