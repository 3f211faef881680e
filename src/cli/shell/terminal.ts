/** The lines that a person types: with history, completion, and Ctrl-C that forgets a line. */

import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { createInterface, type Interface } from 'node:readline';
import { visible } from '../../base/text.ts';
import type { Io, Terminal } from '../io.ts';
import type { Completion } from './completion.ts';

export interface LineOptions {
  readonly completion: (line: string) => Completion;
  readonly env: Io['env'];
}

/** How the typing ended. */
export type End = typeof CTRL_C | typeof CTRL_D;

export const CTRL_C = Symbol('Ctrl-C');
export const CTRL_D = Symbol('Ctrl-D');

/** Lines, one by one, each asked for with a prompt. */
export class TerminalLines {
  readonly #terminal: Terminal;
  readonly #readline: Interface;
  readonly #historyFile: string | null;
  /** Lines that were typed, or pasted, before they were asked for. */
  readonly #typed: string[] = [];
  #history: readonly string[];
  #waiting: ((line: string | End) => void) | null = null;
  #end: End | null = null;

  static async open(terminal: Terminal, { completion, env }: LineOptions): Promise<TerminalLines> {
    const file = historyFile(env);
    return new TerminalLines(terminal, { completion, file, history: await readHistory(file) });
  }

  private constructor(
    terminal: Terminal,
    { completion, file, history }: { completion: LineOptions['completion']; file: string | null; history: string[] },
  ) {
    this.#terminal = terminal;
    this.#historyFile = file;
    this.#history = history;
    this.#readline = createInterface({
      input: terminal.input,
      output: terminal.output,
      terminal: true,
      history,
      historySize: LONGEST_HISTORY,
      removeHistoryDuplicates: true,
      completer: completion,
    });
    this.#readline.on('history', (lines: string[]) => {
      this.#history = [...lines];
    });
    this.#readline.on('line', (line) => this.#take(line));
    this.#readline.on('close', () => this.#finish(CTRL_D));
    // Stopped with Ctrl-Z and continued, readline waits to be told to go on.
    this.#readline.on('SIGCONT', () => this.#readline.prompt(true));
    this.#readline.on('SIGINT', () => this.#interrupt());
  }

  /** The next line; how the typing ended, if it did. */
  next(prompt: string): Promise<string | End> {
    const line = this.#typed.shift() ?? this.#end;
    if (line !== null) return Promise.resolve(line);
    this.#readline.setPrompt(visible(prompt));
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

  /** While nobody waits for a line, the terminal belongs to whatever runs, and Ctrl-C interrupts that. */
  #answer(line: string | End): void {
    this.#waiting?.(line);
    this.#waiting = null;
    if (this.#end !== null) return;
    this.#readline.pause();
    this.#terminal.input.setRawMode(false);
  }

  #take(line: string): void {
    if (this.#waiting === null) this.#typed.push(line);
    else this.#answer(line);
  }

  #finish(how: End): void {
    this.#end ??= how;
    this.#answer(this.#end);
  }

  /** A line that was begun is forgotten; without one the shell is left, as pstats leaves. */
  #interrupt(): void {
    const { line } = this.#readline;
    if (line === '') {
      this.#end = CTRL_C;
      this.#terminal.output.write('\n');
      this.#readline.close();
      return;
    }
    // Erased by the keys for it, so that readline knows, and written once more, so that it stays to be seen.
    this.#readline.write(null, { ctrl: true, name: 'e' });
    this.#readline.write(null, { ctrl: true, name: 'u' });
    this.#terminal.output.write(`${line}^C\n`);
    this.#readline.prompt();
  }
}

// ---- history -------------------------------------------------------------------------------------------------------

const LONGEST_HISTORY = 1000;

/** PSTAT_HISTORY names it, and switches it off when empty. Null for none. */
function historyFile(env: Io['env']): string | null {
  const named = env['PSTAT_HISTORY'];
  if (named !== undefined) return named === '' ? null : named;
  const home = env['HOME'] ?? env['USERPROFILE'] ?? '';
  const state = env['XDG_STATE_HOME'] ?? (home === '' ? '' : path.join(home, '.local', 'state'));
  return state === '' ? null : path.join(state, 'pstat', 'history');
}

/** Newest first, as readline has it. A history that cannot be read is none: nobody came for it. */
async function readHistory(file: string | null): Promise<string[]> {
  if (file === null) return [];
  try {
    const lines = (await readFile(file, 'utf8')).split('\n').filter((line) => line !== '');
    return lines.slice(-LONGEST_HISTORY).reverse();
  } catch {
    return [];
  }
}

async function writeHistory(file: string, history: readonly string[]): Promise<void> {
  try {
    await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
    await writeFile(
      file,
      history
        .toReversed()
        .map((line) => `${line}\n`)
        .join(''),
      { mode: 0o600 },
    );
  } catch {
    // Nor is one that cannot be written worth a word.
  }
}
