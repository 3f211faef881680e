/** The commands of the shell: those of `python -m pstats`, with its messages, and those that pstat adds. */

import { escapeControls } from '../../base/text.ts';
import { splitWords } from '../../pstats/python-text.ts';
import type { Restriction } from '../../pstats/restrictions.ts';
import { noteLines } from '../../render/profile-notes.ts';
import { type AnyView, OUTPUT_FORMATS, type RenderOptions, render } from '../../render/render.ts';
import type { ViewNote } from '../../view/notes.ts';
import { ROW_KINDS } from '../../view/views.ts';
import { formatHelp, topicPage } from './help.ts';
import { parseRestrictions, splitQuotedWords } from './parse-line.ts';
import { EMPTY_REPLY, message, type Reply, result } from './reply.ts';
import { PATTERN_KINDS, type PatternKind, type Session } from './session.ts';

/** What a command reads and changes. */
export interface CommandContext {
  readonly session: Session;
  /** How its answer is rendered. */
  readonly screen: RenderOptions;
  /** Opens the explorer and returns when the user leaves it. */
  readonly explore: Explore;
}

export type Explore = (options: { readonly estimates: boolean }) => Promise<void>;

/** @param rest the line after the command */
type ShellCommand = (rest: string, context: CommandContext) => Reply | Promise<Reply>;

const NOT_LOADED = message('No statistics object is loaded.');

/** name -> command. A command throws PstatError if it fails. */
export const SHELL_COMMANDS: ReadonlyMap<string, ShellCommand> = new Map<string, ShellCommand>([
  ['read', read],
  ['add', requireLoaded(add)],
  ['stats', listCommand('functions')],
  ['callers', listCommand('callers')],
  ['callees', listCommand('callees')],
  ['sort', requireLoaded(sort)],
  ['reverse', requireLoaded((_, { session }) => runWithoutOutput(() => session.reverse()))],
  ['strip', requireLoaded((_, { session }) => runWithoutOutput(() => session.strip()))],
  ['quit', () => ({ ...EMPTY_REPLY, exits: true })],
  ['EOF', () => ({ ...message(''), exits: true })],
  ['help', help],
  ...PATTERN_KINDS.map((kind) => [kind, patternCommand(kind)] as const),
  ['by', requireLoaded(groupBy)],
  ['list', requireLoaded(listSource)],
  ['compare', requireLoaded(compare)],
  ['tree', requireLoaded(tree)],
  ['explore', requireLoaded(explore)],
  ['format', setFormat],
]);

/** Commands whose argument is one file name, with any blanks and signs in it. */
export const FILE_COMMANDS: ReadonlySet<string> = new Set(['read', 'add']);

function requireLoaded(run: ShellCommand): ShellCommand {
  return (rest, context) => (context.session.isLoaded ? run(rest, context) : NOT_LOADED);
}

function runWithoutOutput(act: () => void): Reply {
  act();
  return EMPTY_REPLY;
}

function help(topic: string): Reply {
  if (topic === '') return result(...formatHelp());
  const page = topicPage(topic);
  return page === null ? message(`*** No help on ${topic}`) : result(...page);
}

// ---- commands of pstats --------------------------------------------------------------------------------------------

/** Without a name it reads the current file again and drops the added ones, as pstats does. */
async function read(rest: string, { session }: CommandContext): Promise<Reply> {
  const name = rest === '' ? session.name : rest;
  if (name === '') return message('No statistics object is current -- cannot reload.');
  return notesReply(await session.read(name));
}

async function add(name: string, { session }: CommandContext): Promise<Reply> {
  return notesReply(await session.add(name));
}

function notesReply(notes: readonly ViewNote[]): Reply {
  return { ...EMPTY_REPLY, err: noteLines(notes) };
}

function listCommand(list: 'functions' | 'callers' | 'callees'): ShellCommand {
  const word = list === 'functions' ? 'stats' : list;
  return restrictedCommand(word, (restrictions, { session }) => session.list(list, restrictions));
}

/** A command whose arguments are restrictions. As in pstats, messages on them precede "No statistics object". */
function restrictedCommand(
  word: string,
  answer: (restrictions: readonly Restriction[], context: CommandContext) => AnyView | Promise<AnyView>,
): ShellCommand {
  return async (rest, context) => {
    const { restrictions, messages } = parseRestrictions(rest);
    const reply = context.session.isLoaded
      ? await renderReply(await answer(restrictions, context), context, `${word} 0`)
      : NOT_LOADED;
    return { ...reply, output: message(...messages).output + reply.output };
  };
}

/** @param showAll the command that shows all rows */
async function renderReply(view: AnyView, { session, screen }: CommandContext, showAll: string): Promise<Reply> {
  const { stdout, stderr } = await render(view, session.format, { ...screen, showAll });
  return { ...EMPTY_REPLY, answer: stdout, err: stderr };
}

function sort(rest: string, { session }: CommandContext): Reply {
  const words = splitWords(rest);
  if (words.length > 0 && session.acceptsKeys(words)) return runWithoutOutput(() => session.sort(words));
  const lines = session.availableKeys().map(([word, meaning]) => `${word} -- ${meaning}`);
  const prefixes = session.format === 'pstats' ? ' (unique prefixes are accepted)' : '';
  return result(`Valid sort keys${prefixes}:`, ...lines);
}

// ---- commands that pstats does not have ----------------------------------------------------------------------------

const OFF = 'off';

/** Replaces the patterns of a kind; `off` removes them; without arguments it lists them. */
function patternCommand(kind: PatternKind): ShellCommand {
  return (rest, { session }) => {
    const words = splitQuotedWords(rest);
    if (words.length > 0) return runWithoutOutput(() => session.setPatterns(kind, rest === OFF ? [] : words));
    const present = session.patterns(kind).map((pattern) => `'${escapeControls(pattern)}'`);
    return message(present.length === 0 ? `${kind}: none` : `${kind}: ${present.join(' ')} (${kind} off: none)`);
  };
}

function groupBy(rest: string, context: CommandContext): Reply | Promise<Reply> {
  const [word = '', ...others] = splitWords(rest);
  const kind = ROW_KINDS.find((each) => each === word);
  if (kind === undefined) return message(`by takes ${joinWords(ROW_KINDS)}, then the arguments of stats`);
  const answer = restrictedCommand(`by ${kind}`, (restrictions, { session }) => session.rows(kind, restrictions));
  return answer(others.join(' '), context);
}

/** Lists the source of functions; of the whole line after the command, blanks included. */
async function listSource(rest: string, context: CommandContext): Promise<Reply> {
  if (rest === '') return message('list takes a FUNCTION: list serializeLinks');
  return renderReply(await context.session.listSource(rest), context, 'list FUNCTION');
}

/** Compares what was read with a path. A number before the path limits the rows. */
async function compare(rest: string, context: CommandContext): Promise<Reply> {
  const [, limit = null, path = ''] = /^(?:(\d+%?)\s+)?(.*)$/s.exec(rest) ?? [];
  if (path === '') return message('compare takes the path of AFTER: compare 20 after/');
  return renderReply(await context.session.compare(path, limit), context, `compare 0 ${path}`);
}

/** `tree [inverted] [estimate] [N] [PATTERN]` */
async function tree(rest: string, context: CommandContext): Promise<Reply> {
  const words = splitQuotedWords(rest);
  const flags = words.filter((word) => /^(?:inverted|estimate)$/.test(word));
  const lines = words.filter((word) => /^\d+$/.test(word));
  const [root = null, ...others] = words.filter((word) => !flags.includes(word) && !lines.includes(word));
  if (others.length > 0 || lines.length > 1)
    return message('tree takes inverted, estimate, a number of lines and a pattern');
  const view = context.session.tree({
    isInverted: flags.includes('inverted'),
    allowsEstimate: flags.includes('estimate'),
    lines: lines[0] === undefined ? null : Number(lines[0]) || Number.POSITIVE_INFINITY,
    root,
  });
  return renderReply(view, context, ['tree', ...flags, '0'].join(' '));
}

/** `explore [estimate]` */
async function explore(rest: string, context: CommandContext): Promise<Reply> {
  if (rest !== '' && rest !== 'estimate') return message('explore takes estimate or nothing');
  await context.explore({ estimates: rest === 'estimate' });
  return EMPTY_REPLY;
}

function setFormat(rest: string, { session }: CommandContext): Reply {
  const chosen = OUTPUT_FORMATS.find((each) => each === rest);
  if (chosen !== undefined) return runWithoutOutput(() => session.setFormat(chosen));
  return message(`format: ${session.format}; available: ${joinWords(OUTPUT_FORMATS)}`);
}

function joinWords(words: readonly string[]): string {
  return words.join(', ').replace(/, ([^,]*)$/, ' and $1');
}
