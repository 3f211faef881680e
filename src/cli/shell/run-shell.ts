/** Runs the shell: on a terminal with line editing, otherwise line by line from stdin. */

import { PstatError } from '../../base/errors.ts';
import { escapeLines } from '../../base/text.ts';
import { type Arguments, colorChoice } from '../arguments.ts';
import type { RecordResult } from '../command.ts';
import { colorLevel, type Io, screenOf, type Terminal } from '../io.ts';
import { withProgress } from '../progress.ts';
import { completeLine } from './completion.ts';
import { type Execution, Interpreter } from './interpreter.ts';
import type { Target } from './parse-line.ts';
import { redirect } from './redirect.ts';
import { AbandonedRead, Session, type SessionOptions } from './session.ts';
import { CTRL_C, type End, TerminalLines } from './terminal.ts';

export interface ShellOptions {
  readonly session: Omit<SessionOptions, 'withProgress'>;
  readonly args: Arguments;
}

/** Exits with 2 if a script named a file that cannot be read. On a terminal the user has seen the error. */
export async function runShell(files: readonly string[], options: ShellOptions, io: Io): Promise<RecordResult> {
  const session = new Session({ ...options.session, withProgress: (act) => withProgress(io, act) });
  const interpreter = new Interpreter(
    session,
    (target) => renderOptionsFor(target, options.args, io),
    (how) => openExplorer(session, { ...how, args: options.args, io }),
  );
  const isComplete = await readFiles(files, interpreter, io);
  io.stdout.write('Welcome to the profile statistics browser.\n');
  const { terminal } = io;
  const isLeft = terminal === null ? await runScript(interpreter, io) : await runTerminal(interpreter, terminal, io);
  if (isLeft) io.stdout.write('Goodbye.\n');
  return { exit: { code: isComplete || terminal !== null ? 0 : 2 }, lines: [], view: null };
}

/** Reads the first file and adds the others. Returns false if one of them failed. */
async function readFiles([first, ...others]: readonly string[], interpreter: Interpreter, io: Io): Promise<boolean> {
  if (first === undefined) return true;
  await print(await interpreter.loadFile('read', first), io);
  for (const file of others) await print(await interpreter.loadFile('add', file), io);
  return interpreter.session.files === 1 + others.length;
}

/** Runs lines of stdin, which are not echoed, until nobody reads the answers. As Python does, it prints a prompt for each. */
async function runScript(interpreter: Interpreter, io: Io): Promise<true> {
  writeMessage(interpreter.prompt, io);
  for await (const line of readLines(io.stdin)) {
    const execution = await interpreter.execute(line);
    await print(execution, io);
    // Node tells of a closed pipe between two turns of the event loop.
    await nextTurn();
    if (execution.reply.exits || !io.stdout.isOpen) return true;
    writeMessage(interpreter.prompt, io);
  }
  await print(await interpreter.execute('EOF'), io);
  return true;
}

/** Splits at \n only, as Python does. */
async function* readLines(stream: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of stream) {
    const lines = (text + decoder.decode(chunk, { stream: true })).split('\n');
    text = lines.pop() ?? '';
    yield* lines;
  }
  if (text !== '') yield text;
}

/** Returns false if Ctrl-C ended it. */
async function runTerminal(interpreter: Interpreter, terminal: Terminal, io: Io): Promise<boolean> {
  const lines = await TerminalLines.open(terminal, {
    completeLine: (line) => completeLine(line, interpreter.session),
    env: io.env,
  });
  try {
    for (;;) {
      const line: string | End = await lines.next(interpreter.prompt);
      if (line === CTRL_C) return false;
      if (await executeInterruptibly(typeof line === 'string' ? line : 'EOF', { interpreter, terminal, io }))
        return true;
    }
  } finally {
    await lines.close();
  }
}

interface TerminalSession {
  readonly interpreter: Interpreter;
  readonly terminal: Terminal;
  readonly io: Io;
}

/** Returns whether the line exits the shell. Ctrl-C stops computing or printing; the shell continues. */
async function executeInterruptibly(line: string, { interpreter, terminal, io }: TerminalSession): Promise<boolean> {
  let interrupt = () => {};
  const interrupted = new Promise<null>((resolve) => {
    interrupt = () => resolve(null);
  });
  const release = terminal.onInterrupt(() => interrupt());
  try {
    const execution = await Promise.race([nullIfAbandoned(interpreter.execute(line)), interrupted]);
    if (execution === null) interpreter.session.abandon();
    // A pager owns the terminal and handles Ctrl-C itself.
    else if (execution.target.kind === 'pager') await print(execution, io);
    else await Promise.race([printInterruptibly(execution, interrupted, io), interrupted]);
    const isInterrupted = await Promise.race([interrupted.then(() => true), Promise.resolve(false)]);
    if (isInterrupted) io.stdout.write('\n');
    return execution?.reply.exits ?? false;
  } finally {
    release();
  }
}

interface ExplorerOptions {
  readonly estimates: boolean;
  readonly args: Arguments;
  readonly io: Io;
}

/** On what was read, with the focus and ignore of the session. Throws PstatError. */
async function openExplorer(session: Session, { estimates, args, io }: ExplorerOptions): Promise<void> {
  const { exploreStats } = await import('../commands/explore-answer.ts');
  const { stats, options, names } = session.explored();
  const chosen = { ...args, ...options, estimate: estimates };
  await exploreStats({ stats, options, estimates }, { files: names, args: chosen }, io);
}

/** Returns null if the read was abandoned. */
async function nullIfAbandoned(execution: Promise<Execution>): Promise<Execution | null> {
  try {
    return await execution;
  } catch (error) {
    if (error instanceof AbandonedRead) return null;
    throw error;
  }
}

// ---- output --------------------------------------------------------------------------------------------------------

/** Files and pagers get plain text; a pager's is as wide as the terminal and has its control characters escaped. */
async function renderOptionsFor(target: Target, args: Arguments, io: Io) {
  const { stdout, env } = io;
  const isFile = target.kind === 'file';
  const color = target.kind === 'screen' ? colorLevel(colorChoice(args), stdout, env) : 0;
  const screen = await screenOf(stdout, color, env);
  return { ...screen, columns: isFile ? null : screen.columns, terminal: stdout.isTTY && !isFile };
}

/** Messages repeat what was typed and named. A pipe gets Python's bytes, a terminal none that it obeys. */
function writeMessage(text: string, { stdout }: Io): void {
  stdout.write(stdout.isTTY ? escapeLines(text) : text);
}

async function print({ reply, target }: Execution, io: Io): Promise<void> {
  if (reply.err !== '') io.stderr.write(reply.err);
  writeMessage(reply.output, io);
  if (reply.answer === null) return;
  if (target.kind === 'screen') io.stdout.write(reply.answer);
  else await redirectAnswer(reply.answer, target, io);
}

async function redirectAnswer(text: string, target: Exclude<Target, { kind: 'screen' }>, io: Io): Promise<void> {
  try {
    await redirect(text, target, io);
  } catch (error) {
    if (!(error instanceof PstatError)) throw error;
    io.stderr.write(`pstat: ${error.message}\n`);
  }
}

/** Prints in steps, between which Ctrl-C is handled. */
async function printInterruptibly(execution: Execution, interrupted: Promise<null>, io: Io): Promise<void> {
  const { reply, target } = execution;
  if (target.kind !== 'screen' || reply.answer === null) return print(execution, io);
  await print({ target, reply: { ...reply, answer: null } }, io);
  let isInterrupted = false;
  interrupted.then(() => {
    isInterrupted = true;
  });
  const lines = reply.answer.split(/(?<=\n)/);
  for (let start = 0; start < lines.length && !isInterrupted; start += LINES_PER_WRITE) {
    io.stdout.write(lines.slice(start, start + LINES_PER_WRITE).join(''));
    await nextTurn();
  }
}

const LINES_PER_WRITE = 40;

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
