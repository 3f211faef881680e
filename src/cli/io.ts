import type { ReadStream, WriteStream } from 'node:tty';
import { type ColorLevel, loadTheme } from '../render/theme.ts';

/** The world as the command sees it, so that tests can hand in another one. */
export interface Io {
  readonly stdout: Output;
  readonly stderr: Output;
  readonly stdin: AsyncIterable<Uint8Array>;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Null where a person does not sit at both ends. */
  readonly terminal: Terminal | null;
}

/** The two ends of a terminal, for who asks line by line. */
export interface Terminal {
  readonly input: ReadStream;
  readonly output: WriteStream;
  /** Has Ctrl-C call it in the place of ending the process, until the function returned is called. */
  onInterrupt(act: () => void): () => void;
}

export interface Output {
  /** Whether a person watches. */
  readonly isTTY: boolean;
  /** Width of the terminal; undefined where there is none. */
  readonly columns: number | undefined;
  /** Whether it is a terminal that opens links (OSC 8). Asked only of what is coloured: to find out takes loading. */
  opensLinks(): Promise<boolean>;
  write(data: string | Uint8Array): void;
}

export type ColorChoice = 'auto' | 'always' | 'never';

/** The flag first, then FORCE_COLOR, NO_COLOR (https://no-color.org: any value but an empty one), the terminal. */
export function colorLevel(choice: ColorChoice, output: Output, env: Io['env']): ColorLevel {
  if (choice === 'never') return 0;
  if (choice === 'always') return 1;
  const force = env['FORCE_COLOR'];
  if (force !== undefined) return forcedLevel(force);
  if ((env['NO_COLOR'] ?? '') !== '' || env['TERM'] === 'dumb') return 0;
  return output.isTTY ? 1 : 0;
}

/** `0` and `false` switch colour off; `1` to `3`, `true` and nothing at all switch it on. */
function forcedLevel(force: string): ColorLevel {
  if (force === '0' || force === 'false') return 0;
  return force === '2' ? 2 : force === '3' ? 3 : 1;
}

/** The width to fit a table into: COLUMNS if it is set, else the terminal's; null for a pipe, where nothing is cut. */
export function tableWidth(output: Output, env: Io['env']): number | null {
  const asked = Number(env['COLUMNS']);
  if (Number.isInteger(asked) && asked > 0) return asked;
  return output.isTTY ? (output.columns ?? 80) : null;
}

/** What a view is written for, where this output shows it. */
export async function screenOf(output: Output, color: ColorLevel, env: Io['env']) {
  return {
    columns: tableWidth(output, env),
    theme: await loadTheme(color),
    links: color > 0 && (await output.opensLinks()),
  };
}

/** The width of a help page: lines longer than 100 columns are hard to read. */
export function helpWidth({ stdout, env }: Io): number {
  return Math.min(tableWidth(stdout, env) ?? 80, 100);
}
