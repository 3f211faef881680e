import type { ReadStream, WriteStream } from 'node:tty';
import { type ColorLevel, loadTheme } from '../render/theme.ts';
import { noTerminal } from './errors.ts';

/** The process as a command sees it; tests pass their own. */
export interface Io {
  readonly stdout: Output;
  readonly stderr: Output;
  readonly stdin: AsyncIterable<Uint8Array>;
  /** Whether stdin is a file on the disk. A pipe may never end, and a terminal is no answer. */
  stdinIsFile(): boolean;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Null unless stdin and stdout are terminals. */
  readonly terminal: Terminal | null;
}

/** The streams of a terminal, for the shell. */
export interface Terminal {
  readonly input: ReadStream;
  readonly output: WriteStream;
  /** Calls `act` on Ctrl-C instead of ending the process, until the returned function is called. */
  onInterrupt(act: () => void): () => void;
  /** Calls these until the returned function is called. A signal that ends the process still ends it. */
  onLifecycle(handlers: Lifecycle): () => void;
  /** Stops the process, as Ctrl-Z does, until the shell continues it. */
  stop(): void;
}

/** What happens to a process that holds a terminal. */
export interface Lifecycle {
  /** It ends, by itself, by an error or by a signal. */
  end(): void;
  /** It is about to be stopped (SIGTSTP). */
  stop(): void;
  /** It goes on (SIGCONT). */
  resume(): void;
}

export interface Output {
  /** Whether it is a terminal. */
  readonly isTTY: boolean;
  /** Width of the terminal; undefined for others. */
  readonly columns: number | undefined;
  /** False when its reader has closed it or a write has failed: nothing more can be written. */
  readonly isOpen: boolean;
  /** Whether the terminal supports links (OSC 8). Called only for colored output, because it loads a package. */
  opensLinks(): Promise<boolean>;
  write(data: string | Uint8Array): void;
}

export type ColorChoice = 'auto' | 'always' | 'never';

/** In order of precedence: the flag, FORCE_COLOR, NO_COLOR (https://no-color.org), whether it is a terminal. */
export function colorLevel(choice: ColorChoice, output: Output, env: Io['env']): ColorLevel {
  if (choice === 'never') return 0;
  if (choice === 'always') return colorsOf(env);
  const force = env['FORCE_COLOR'];
  if (force !== undefined) return forcedLevel(force);
  if ((env['NO_COLOR'] ?? '') !== '' || env['TERM'] === 'dumb') return 0;
  return output.isTTY ? colorsOf(env) : 0;
}

/** How many colors a terminal says that it has. */
function colorsOf(env: Io['env']): ColorLevel {
  if (/^(?:truecolor|24bit)$/.test(env['COLORTERM'] ?? '')) return 3;
  return /-256(?:color)?$/.test(env['TERM'] ?? '') ? 2 : 1;
}

/** `0` and `false` switch color off; other values, the empty one included, switch it on. */
function forcedLevel(force: string): ColorLevel {
  if (force === '0' || force === 'false') return 0;
  return force === '2' ? 2 : force === '3' ? 3 : 1;
}

/** A terminal that does not know its width says 0. */
const USUAL_COLUMNS = 80;

/** In fewer columns nothing is readable: words would be broken into letters. */
const MIN_COLUMNS = 20;

/** The width to fit a table into: COLUMNS, else that of the terminal; null for a pipe, where nothing is cut. */
export function tableWidth(output: Output, env: Io['env']): number | null {
  const chosen = Number(env['COLUMNS']);
  if (Number.isInteger(chosen) && chosen > 0) return Math.max(chosen, MIN_COLUMNS);
  if (!output.isTTY) return null;
  const { columns = 0 } = output;
  return columns === 0 ? USUAL_COLUMNS : Math.max(columns, MIN_COLUMNS);
}

/** The options to render a view for an output. */
export async function screenOf(output: Output, color: ColorLevel, env: Io['env']) {
  return {
    columns: tableWidth(output, env),
    theme: await loadTheme(color),
    links: color > 0 && (await output.opensLinks()),
  };
}

/** The width of a help page: lines longer than 100 columns are hard to read. */
export function helpWidth({ stdout, env }: Io): number {
  return Math.min(tableWidth(stdout, env) ?? USUAL_COLUMNS, 100);
}

/** The terminal of a program that draws a screen and reads keys. Throws PstatError (`query`) where there is none. */
export function interactiveTerminal({ terminal, env }: Io): Terminal {
  if (terminal === null || env['TERM'] === 'dumb') throw noTerminal();
  return terminal;
}
