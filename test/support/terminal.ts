/** A terminal for tests: pstat writes to it, keys are typed into it, and its cells are read. No process, no clock. */

import { PassThrough, Writable } from 'node:stream';
import type { ReadStream, WriteStream } from 'node:tty';
import xterm from '@xterm/headless';
import type { Lifecycle, Terminal } from '../../src/cli/io.ts';
import { run } from '../../src/cli/run.ts';

export interface TestTerminal {
  /** Types keys as bytes, each after the answer to the one before. */
  type(...keys: readonly string[]): Promise<void>;
  /** Waits until a row has this text. */
  waitFor(text: string): Promise<void>;
  /** The rows as text. */
  screen(): string[];
  /** The rows with inverse cells in brackets. */
  selected(): string[];
  /** The words of the commands that the explorer shows. */
  commands(): string[][];
  resize(columns: number, rows: number): Promise<void>;
  /** Ends by a signal, as `kill` does. */
  end(): void;
  readonly exit: Promise<unknown>;
  readonly isRaw: () => boolean;
  readonly isAlternate: () => boolean;
  /** Everything that was written. */
  readonly output: () => string;
}

/** Runs a command on a terminal of this size until it shows `ready`, by default the end of a frame of the explorer. */
export async function openTerminal(
  argv: readonly string[],
  columns = 80,
  rows = 24,
  { ready = '\x1b[?2026l', env = {} } = {},
): Promise<TestTerminal> {
  const screen = new xterm.Terminal({ cols: columns, rows, allowProposedApi: true });
  let written = '';
  let isRaw = false;
  let lifecycle: Lifecycle | null = null;
  const input = Object.assign(new PassThrough(), {
    isTTY: true,
    setRawMode(value: boolean) {
      isRaw = value;
    },
  });
  const stream = new Writable({
    write(chunk, _, done) {
      written += String(chunk);
      screen.write(String(chunk), done);
    },
  });
  const output = Object.assign(stream, { isTTY: true, columns, rows });
  const terminal: Terminal = {
    input: input as unknown as ReadStream,
    output: output as unknown as WriteStream,
    onInterrupt: () => () => {},
    onLifecycle(handlers) {
      lifecycle = handlers;
      return () => {};
    },
    stop: () => {},
  };
  const out = { isTTY: true, columns, isOpen: true, opensLinks: async () => false, write: () => {} };
  let failure: unknown = null;
  const exit = run(argv, {
    stdout: { ...out, write: (data: unknown) => void output.write(String(data)) },
    stderr: { ...out, write: () => {} },
    stdin: (async function* () {})(),
    stdinIsFile: () => false,
    env: { NO_COLOR: '', FORCE_COLOR: '1', ...env },
    terminal,
  }).catch((error: unknown) => {
    failure = error;
  });
  const settle = async (key = '') => {
    // A lone Esc is a key after 50 ms, and the timers of Node go off in their order.
    if (key === KEYS.escape) await new Promise((resolve) => setTimeout(resolve, 60));
    do {
      for (let i = 0; i < 5; i++) await new Promise((resolve) => setImmediate(resolve));
      await new Promise<void>((resolve) => screen.write('', resolve));
      if (failure !== null) throw failure;
    } while (isReading());
  };
  const rowsOf = () => Array.from({ length: screen.rows }, (_, row) => screen.buffer.active.getLine(row));
  const textRows = () => rowsOf().map((line) => line?.translateToString(true) ?? '');
  const isReading = () => textRows().some((line) => line.startsWith('reading the source'));
  while (!written.includes(ready)) await settle();
  await settle();
  return {
    async type(...keys) {
      for (const key of keys) {
        input.write(key);
        await settle(key);
      }
    },
    async waitFor(text) {
      while (!textRows().some((line) => line.includes(text))) await settle();
    },
    screen: textRows,
    commands: () => {
      const [, commands = ''] = /\$ pstat (.*)/.exec(textRows().at(-2) ?? '') ?? [];
      return commands
        .split(' && pstat ')
        .map((command) => [...command.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare ?? ''));
    },
    selected: () =>
      rowsOf().flatMap((line) => {
        const cells = Array.from({ length: screen.cols }, (_, column) => line?.getCell(column));
        const text = cells
          .map((cell) => (cell?.isInverse() ? cell.getChars() || ' ' : ''))
          .join('')
          .trim();
        return text === '' ? [] : [text];
      }),
    async resize(newColumns, newRows) {
      screen.resize(newColumns, newRows);
      Object.assign(output, { columns: newColumns, rows: newRows });
      output.emit('resize');
      await settle();
    },
    end: () => lifecycle?.end(),
    exit,
    isRaw: () => isRaw,
    isAlternate: () => screen.buffer.active.type === 'alternate',
    output: () => written,
  };
}

export const KEYS = {
  up: '\x1b[A',
  down: '\x1b[B',
  right: '\x1b[C',
  left: '\x1b[D',
  home: '\x1b[H',
  end: '\x1b[F',
  pageUp: '\x1b[5~',
  pageDown: '\x1b[6~',
  enter: '\r',
  escape: '\x1b',
  tab: '\t',
  backspace: '\x7f',
  /** A click at a 0-based place. */
  click: (column: number, row: number) => `\x1b[<0;${column + 1};${row + 1}M\x1b[<0;${column + 1};${row + 1}m`,
} as const;
