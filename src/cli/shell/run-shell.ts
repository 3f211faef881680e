/** The shell from its first line to its last: on a terminal with an editor of lines, else line by line from stdin. */

import { PstatError } from '../../base/errors.ts';
import type { RecordResult } from '../command.ts';
import { colorLevel, type Io, screenOf, type Terminal } from '../io.ts';
import { type Arguments, colorChoice } from '../options.ts';
import { withProgress } from '../progress.ts';
import { completion } from './completion.ts';
import { Browser, type Obeyed } from './interpreter.ts';
import type { Target } from './parse-line.ts';
import { deliver } from './redirect.ts';
import { Abandoned, Session, type SessionOptions } from './session.ts';
import { CTRL_C, type End, TerminalLines } from './terminal.ts';

export interface ShellOptions {
  readonly session: Omit<SessionOptions, 'watched'>;
  readonly args: Arguments;
}

/** Exit code 2 where a script gave a file that could not be read; a person has seen it. */
export async function runShell(files: readonly string[], options: ShellOptions, io: Io): Promise<RecordResult> {
  const session = new Session({ ...options.session, watched: (act) => withProgress(io, act) });
  const browser = new Browser(session, (target) => screenFor(target, options.args, io));
  const isComplete = await readFiles(files, browser, io);
  io.stdout.write('Welcome to the profile statistics browser.\n');
  const { terminal } = io;
  const isLeft = terminal === null ? await fromScript(browser, io) : await fromTerminal(browser, terminal, io);
  if (isLeft) io.stdout.write('Goodbye.\n');
  return { exit: { code: isComplete || terminal !== null ? 0 : 2 }, lines: [], view: null };
}

/** The first one is read, the others are added. False if any could not be. */
async function readFiles([first, ...others]: readonly string[], browser: Browser, io: Io): Promise<boolean> {
  if (first === undefined) return true;
  await print(await browser.take('read', first), io);
  for (const file of others) await print(await browser.take('add', file), io);
  return browser.session.files === 1 + others.length;
}

/** A line of a script has no echo: Python prints prompt after prompt, and what was asked between them. */
async function fromScript(browser: Browser, io: Io): Promise<true> {
  io.stdout.write(browser.prompt);
  for await (const line of linesOf(io.stdin)) {
    const obeyed = await browser.obey(line);
    await print(obeyed, io);
    if (obeyed.reply.leaves) return true;
    io.stdout.write(browser.prompt);
  }
  await print(await browser.obey('EOF'), io);
  return true;
}

/** Lines as Python has them, which end in \n and in nothing else. */
async function* linesOf(stream: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of stream) {
    const lines = (text + decoder.decode(chunk, { stream: true })).split('\n');
    text = lines.pop() ?? '';
    yield* lines;
  }
  if (text !== '') yield text;
}

/** False if it was interrupted. */
async function fromTerminal(browser: Browser, terminal: Terminal, io: Io): Promise<boolean> {
  const lines = await TerminalLines.open(terminal, {
    completion: (line) => completion(line, browser.session),
    env: io.env,
  });
  try {
    for (;;) {
      const line: string | End = await lines.next(browser.prompt);
      if (line === CTRL_C) return false;
      if (await obeyPatiently(typeof line === 'string' ? line : 'EOF', { browser, terminal, io })) return true;
    }
  } finally {
    await lines.close();
  }
}

interface Sitting {
  readonly browser: Browser;
  readonly terminal: Terminal;
  readonly io: Io;
}

/** Whether the line leaves the shell. Ctrl-C leaves what is being made, or printed, and the shell goes on. */
async function obeyPatiently(line: string, { browser, terminal, io }: Sitting): Promise<boolean> {
  let interrupt = () => {};
  const interrupted = new Promise<null>((resolve) => {
    interrupt = () => resolve(null);
  });
  const release = terminal.onInterrupt(() => interrupt());
  try {
    const obeyed = await Promise.race([abandonable(browser.obey(line)), interrupted]);
    if (obeyed === null) browser.session.abandon();
    // A pager has the terminal to itself, and Ctrl-C too.
    else if (obeyed.target.kind === 'pager') await print(obeyed, io);
    else await Promise.race([printPatiently(obeyed, interrupted, io), interrupted]);
    const isInterrupted = await Promise.race([interrupted.then(() => true), Promise.resolve(false)]);
    if (isInterrupted) io.stdout.write('\n');
    return obeyed?.reply.leaves ?? false;
  } finally {
    release();
  }
}

/** Null for what was given up before it came. */
async function abandonable(obeyed: Promise<Obeyed>): Promise<Obeyed | null> {
  try {
    return await obeyed;
  } catch (error) {
    if (error instanceof Abandoned) return null;
    throw error;
  }
}

// ---- what is printed -----------------------------------------------------------------------------------------------

/** A file and a pager are handed plain text; a pager's is as wide as the terminal, and spared what acts on it. */
async function screenFor(target: Target, args: Arguments, io: Io) {
  const { stdout, env } = io;
  const isFile = target.kind === 'file';
  const color = target.kind === 'screen' ? colorLevel(colorChoice(args), stdout, env) : 0;
  const screen = await screenOf(stdout, color, env);
  return { ...screen, columns: isFile ? null : screen.columns, terminal: stdout.isTTY && !isFile };
}

async function print({ reply, target }: Obeyed, io: Io): Promise<void> {
  if (reply.err !== '') io.stderr.write(reply.err);
  io.stdout.write(reply.told);
  if (reply.answer === null) return;
  if (target.kind === 'screen') io.stdout.write(reply.answer);
  else await handOver(reply.answer, target, io);
}

async function handOver(text: string, target: Exclude<Target, { kind: 'screen' }>, io: Io): Promise<void> {
  try {
    await deliver(text, target, io);
  } catch (error) {
    if (!(error instanceof PstatError)) throw error;
    io.stderr.write(`pstat: ${error.message}\n`);
  }
}

/** Some lines at a time, between which Ctrl-C is heard. */
async function printPatiently(obeyed: Obeyed, interrupted: Promise<null>, io: Io): Promise<void> {
  const { reply, target } = obeyed;
  if (target.kind !== 'screen' || reply.answer === null) return print(obeyed, io);
  await print({ target, reply: { ...reply, answer: null } }, io);
  let isInterrupted = false;
  interrupted.then(() => {
    isInterrupted = true;
  });
  const lines = reply.answer.split(/(?<=\n)/);
  for (let start = 0; start < lines.length && !isInterrupted; start += SOME_LINES) {
    io.stdout.write(lines.slice(start, start + SOME_LINES).join(''));
    await new Promise((resolve) => setImmediate(resolve));
  }
}

const SOME_LINES = 40;
