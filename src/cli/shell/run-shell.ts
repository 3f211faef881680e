/** The shell from its first line to its last: on a terminal with an editor of lines, else line by line from stdin. */

import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { PstatError } from '../../errors.ts';
import type { Aftermath } from '../command.ts';
import { colorLevel, type Io, type Terminal, tableWidth } from '../io.ts';
import { type Arguments, colorChoice } from '../options.ts';
import { Browser, type Obeyed } from './browser.ts';
import { completion } from './completion.ts';
import { deliver } from './delivery.ts';
import { Session, type SessionOptions } from './session.ts';
import { CTRL_C, type End, TerminalLines } from './terminal.ts';
import type { Target } from './words.ts';

export interface ShellOptions {
  readonly session: SessionOptions;
  readonly args: Arguments;
}

/** Exit code 2 where a script gave a file that could not be read; a person has seen it. */
export async function runShell(files: readonly string[], options: ShellOptions, io: Io): Promise<Aftermath> {
  const session = new Session(options.session);
  const browser = new Browser(session, (target) => screenFor(target, options.args, io));
  const isComplete = await readFiles(files, browser, io);
  io.stdout.write('Welcome to the profile statistics browser.\n');
  const { terminal } = io;
  const isLeft = terminal === null ? await fromScript(browser, io) : await fromTerminal(browser, terminal, io);
  if (isLeft) io.stdout.write('Goodbye.\n');
  return { ending: { code: isComplete || terminal !== null ? 0 : 2 }, lines: [], view: null };
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
  const lines = createInterface({ input: Readable.from(io.stdin), crlfDelay: Number.POSITIVE_INFINITY });
  io.stdout.write(browser.prompt);
  for await (const line of lines) {
    const obeyed = await browser.obey(line);
    await print(obeyed, io);
    if (obeyed.reply.leaves) return true;
    io.stdout.write(browser.prompt);
  }
  await print(await browser.obey('EOF'), io);
  return true;
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
      const obeyed = await browser.obey(typeof line === 'string' ? line : 'EOF');
      await printPatiently(obeyed, terminal, io);
      if (obeyed.reply.leaves) return true;
    }
  } finally {
    await lines.close();
  }
}

// ---- what is printed -----------------------------------------------------------------------------------------------

/** A file and a pager are handed plain text; a pager's is as wide as the terminal, and spared what acts on it. */
function screenFor(target: Target, args: Arguments, io: Io) {
  const { stdout, env } = io;
  const isScreen = target.kind === 'screen';
  const color = isScreen ? colorLevel(colorChoice(args), stdout, env) : 0;
  return {
    columns: target.kind === 'file' ? null : tableWidth(stdout, env),
    color,
    links: isScreen && stdout.links && color > 0,
    terminal: stdout.isTTY && target.kind !== 'file',
  } as const;
}

async function print({ reply, target }: Obeyed, io: Io): Promise<void> {
  if (reply.err !== '') io.stderr.write(reply.err);
  if (target.kind === 'screen') io.stdout.write(reply.out);
  else await handOver(reply.out, target, io);
}

async function handOver(text: string, target: Exclude<Target, { kind: 'screen' }>, io: Io): Promise<void> {
  try {
    await deliver(text, target, io);
  } catch (error) {
    if (!(error instanceof PstatError)) throw error;
    io.stderr.write(`pstat: ${error.message}\n`);
  }
}

/** In pieces, between which Ctrl-C is heard: a long list is cut short by it, and the shell goes on. */
async function printPatiently(obeyed: Obeyed, terminal: Terminal, io: Io): Promise<void> {
  let isInterrupted = false;
  const release = terminal.onInterrupt(() => {
    isInterrupted = true;
  });
  try {
    if (obeyed.target.kind !== 'screen') return await print(obeyed, io);
    if (obeyed.reply.err !== '') io.stderr.write(obeyed.reply.err);
    const { out } = obeyed.reply;
    for (let start = 0; start < out.length && !isInterrupted; start += PIECE) {
      io.stdout.write(out.slice(start, start + PIECE));
      await new Promise((resolve) => setImmediate(resolve));
    }
    if (isInterrupted) io.stdout.write('\n');
  } finally {
    release();
  }
}

/** Characters. */
const PIECE = 4096;
