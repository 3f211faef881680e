/** Reads lines from a terminal, with history, completion, and Ctrl-C to discard a line. */

import { constants } from 'node:fs';
import { mkdir, open, readFile } from 'node:fs/promises';
import path from 'node:path';
import { createInterface, type Interface } from 'node:readline';
import { escapeControls } from '../../base/text.ts';
import type { Io, Terminal } from '../io.ts';
import { PRIVATE_MODE } from '../write-file.ts';
import type { Completion } from './completion.ts';

export interface LineOptions {
  readonly completeLine: (line: string) => Completion;
  readonly env: Io['env'];
}

/** How the input ended. */
export type End = typeof CTRL_C | typeof CTRL_D;

export const CTRL_C = Symbol('Ctrl-C');
export const CTRL_D = Symbol('Ctrl-D');

/** Reads lines one by one, each with a prompt. */
export class TerminalLines {
  readonly #terminal: Terminal;
  readonly #readline: Interface;
  readonly #historyFile: string | null;
  /** Lines that arrived before `next` was called, for instance pasted ones. */
  readonly #queue: string[] = [];
  #history: readonly string[];
  #waiting: ((line: string | End) => void) | null = null;
  #end: End | null = null;

  static async open(terminal: Terminal, { completeLine: completion, env }: LineOptions): Promise<TerminalLines> {
    const file = findHistoryFile(env);
    return new TerminalLines(terminal, { completion, file, history: await readHistory(file) });
  }

  private constructor(
    terminal: Terminal,
    { completion, file, history }: { completion: LineOptions['completeLine']; file: string | null; history: string[] },
  ) {
    this.#terminal = terminal;
    this.#historyFile = file;
    this.#history = history;
    this.#readline = createInterface({
      input: terminal.input,
      output: terminal.output,
      terminal: true,
      history,
      historySize: MAX_HISTORY_LINES,
      removeHistoryDuplicates: true,
      completer: completion,
    });
    this.#readline.on('history', (lines: string[]) => {
      this.#history = [...lines];
    });
    this.#readline.on('line', (line) => this.#receive(line));
    this.#readline.on('close', () => this.#finish(CTRL_D));
    // After Ctrl-Z and `fg`, readline needs a new prompt.
    this.#readline.on('SIGCONT', () => this.#readline.prompt(true));
    this.#readline.on('SIGINT', () => this.#interrupt());
  }

  /** Returns the next line, or how the input ended. */
  next(prompt: string): Promise<string | End> {
    const line = this.#queue.shift() ?? this.#end;
    if (line !== null) return Promise.resolve(line);
    this.#readline.setPrompt(escapeControls(prompt));
    this.#readline.resume();
    this.#terminal.input.setRawMode(true);
    this.#readline.prompt();
    return new Promise((resolve) => {
      this.#waiting = resolve;
    });
  }

  async close(): Promise<void> {
    this.#end ??= CTRL_D;
    this.#readline.close();
    if (this.#historyFile !== null) await writeHistory(this.#historyFile, this.#history);
  }

  /** Leaves raw mode until the next prompt, so that Ctrl-C interrupts the running command. */
  #resolve(line: string | End): void {
    this.#waiting?.(line);
    this.#waiting = null;
    if (this.#end !== null) return;
    this.#readline.pause();
    this.#terminal.input.setRawMode(false);
  }

  #receive(line: string): void {
    if (this.#waiting === null) this.#queue.push(line);
    else this.#resolve(line);
  }

  #finish(how: End): void {
    this.#end ??= how;
    this.#resolve(this.#end);
  }

  /** Ctrl-C discards a started line; on an empty line it exits, as pstats does. */
  #interrupt(): void {
    const { line } = this.#readline;
    if (line === '') {
      this.#end = CTRL_C;
      this.#terminal.output.write('\n');
      this.#readline.close();
      return;
    }
    // Erased through keys, so that readline's state follows, and printed once more, so that it stays visible.
    this.#readline.write(null, { ctrl: true, name: 'e' });
    this.#readline.write(null, { ctrl: true, name: 'u' });
    this.#terminal.output.write(`${line}^C\n`);
    this.#readline.prompt();
  }
}

// ---- history -------------------------------------------------------------------------------------------------------

const MAX_HISTORY_LINES = 1000;

/** PSTAT_HISTORY names the file; an empty value switches the history off (null). */
function findHistoryFile(env: Io['env']): string | null {
  const named = env['PSTAT_HISTORY'];
  if (named !== undefined) return named === '' ? null : named;
  const home = env['HOME'] ?? env['USERPROFILE'] ?? '';
  const state = env['XDG_STATE_HOME'] ?? (home === '' ? '' : path.join(home, '.local', 'state'));
  return state === '' ? null : path.join(state, 'pstat', 'history');
}

/** Returns the newest line first, as readline expects. An unreadable file counts as an empty history. */
async function readHistory(file: string | null): Promise<string[]> {
  if (file === null) return [];
  try {
    const lines = (await readFile(file, 'utf8')).split('\n').filter((line) => line !== '');
    return lines.slice(-MAX_HISTORY_LINES).reverse();
  } catch {
    return [];
  }
}

/** Windows has no O_NOFOLLOW. */
const PRIVATE_FLAGS = constants.O_WRONLY | constants.O_CREAT | constants.O_TRUNC | (constants.O_NOFOLLOW ?? 0);

/** For the user alone, and never through a link, which could lead to any file. */
async function writeHistory(file: string, history: readonly string[]): Promise<void> {
  const lines = history
    .toReversed()
    .map((line) => `${line}\n`)
    .join('');
  try {
    await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
    const handle = await open(file, PRIVATE_FLAGS, PRIVATE_MODE);
    try {
      // An older file keeps its mode when it is opened.
      await handle.chmod(PRIVATE_MODE);
      await handle.writeFile(lines);
    } finally {
      await handle.close();
    }
  } catch {
    // A history that cannot be written is not worth an error.
  }
}
