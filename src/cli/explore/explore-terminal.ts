/**
 * The terminal of the explorer: alternate screen, keys and mouse in, lines out. Whatever ends it, the terminal is as it was.
 *
 * Keys are parsed by node:readline. It does not know mouse reports (SGR mode 1006), so those are taken out before it.
 */

import { once } from 'node:events';
import { emitKeypressEvents } from 'node:readline';
import { PassThrough } from 'node:stream';
import type { Terminal } from '../io.ts';

export interface MouseInput {
  readonly kind: 'press' | 'wheel-up' | 'wheel-down';
  /** 0-based */
  readonly column: number;
  readonly row: number;
}

export interface KeyInput {
  readonly kind: 'key';
  /** As readline names it, with `ctrl-` and `shift-`; the character of a key without a name. */
  readonly name: string;
  /** What it types; '' for none. */
  readonly text: string;
}

export interface TerminalHandlers {
  onInput(input: KeyInput | MouseInput): void;
  /** The size changed, or the screen was lost. */
  onRedraw(): void;
}

const ENTER = '\x1b[?1049h\x1b[?25l\x1b[2J';
const ENTER_MOUSE = '\x1b[?1000h\x1b[?1006h';
/** Ends what was begun, and what was not. */
const LEAVE = '\x1b[?1006l\x1b[?1000l\x1b[0m\x1b[?25h\x1b[?1049l';
const BEGIN_FRAME = '\x1b[?2026h';
const END_FRAME = '\x1b[?2026l';

/** A lone Esc is a key after this many ms; the bytes of an arrow key come together. */
const ESCAPE_TIMEOUT = 50;

export class ExploreTerminal {
  readonly #terminal: Terminal;
  readonly #readsMouse: boolean;
  readonly #handlers: TerminalHandlers;
  readonly #keys = new PassThrough();
  #shown: readonly string[] = [];
  #isEntered = false;
  #pending = '';

  constructor(terminal: Terminal, readsMouse: boolean, handlers: TerminalHandlers) {
    this.#terminal = terminal;
    this.#readsMouse = readsMouse;
    this.#handlers = handlers;
    this.#keys.setEncoding('utf8');
    emitKeypressEvents(this.#keys, { escapeCodeTimeout: ESCAPE_TIMEOUT } as never);
    this.#keys.on('keypress', (text: string | undefined, key: Keypress) => {
      handlers.onInput({
        kind: 'key',
        name: keyName(text, key),
        text: key.ctrl || key.meta || text === undefined ? '' : text,
      });
    });
  }

  get size() {
    const { columns, rows } = this.#terminal.output;
    return { columns: columns || 80, rows: rows || 24 };
  }

  /** Takes the terminal until the returned function is called, or the process ends. */
  open(): () => void {
    const { input, output } = this.#terminal;
    const onData = (data: Buffer) => this.#receive(data.toString('utf8'));
    const redraw = () => this.redraw();
    // The line editor of the shell reads the same input; these keys are not its own.
    const others = input.listeners('keypress') as ((...args: unknown[]) => void)[];
    input.removeAllListeners('keypress');
    const release = this.#terminal.onLifecycle({
      end: () => this.leave(),
      stop: () => this.leave(),
      resume: () => {
        this.enter();
        redraw();
      },
    });
    input.on('data', onData);
    output.on('resize', redraw);
    this.enter();
    return () => {
      this.leave();
      input.off('data', onData);
      output.off('resize', redraw);
      input.pause();
      for (const other of others) input.on('keypress', other);
      release();
    };
  }

  enter(): void {
    if (this.#isEntered) return;
    this.#isEntered = true;
    this.#terminal.input.setRawMode(true);
    this.#terminal.input.resume();
    this.#terminal.output.write(this.#readsMouse ? ENTER + ENTER_MOUSE : ENTER);
    this.#shown = [];
  }

  leave(): void {
    if (!this.#isEntered) return;
    this.#isEntered = false;
    this.#terminal.output.write(LEAVE);
    this.#terminal.input.setRawMode(false);
  }

  redraw(): void {
    this.#shown = [];
    this.#handlers.onRedraw();
  }

  /** Stops the process as Ctrl-Z does; it goes on at `fg`. */
  suspend(): void {
    this.leave();
    this.#terminal.stop();
  }

  /** Writes lines below what the terminal showed before, and comes back. */
  print(lines: readonly string[]): void {
    this.leave();
    this.#terminal.output.write(`${lines.join('\n').trimEnd()}\n`);
    this.enter();
    this.redraw();
  }

  /** Puts a text on the clipboard of the terminal (OSC 52). Base64 has no character that could end the sequence. */
  copy(text: string): void {
    this.#terminal.output.write(`\x1b]52;c;${Buffer.from(text, 'utf8').toString('base64')}\x07`);
  }

  /** Writes the lines that differ from what is on the screen, as one frame. */
  show(lines: readonly string[]): void {
    if (!this.#isEntered) return;
    const isWhole = this.#shown.length !== lines.length;
    const changed = lines.flatMap((line, i) =>
      isWhole || line !== this.#shown[i] ? [`\x1b[${i + 1};1H${line}\x1b[0m\x1b[K`] : [],
    );
    this.#shown = lines;
    if (changed.length === 0) return;
    this.#terminal.output.write(`${BEGIN_FRAME}${isWhole ? '\x1b[2J' : ''}${changed.join('')}${END_FRAME}`);
  }

  /** Resolves when a slow terminal has taken what was written. */
  async drained(): Promise<void> {
    const { output } = this.#terminal;
    if (output.writableNeedDrain) await once(output, 'drain').catch(() => {}); // it is gone
  }

  /** Shows a text at the start of a line until the next frame. */
  say(text: string, row: number): void {
    if (!this.#isEntered || this.#shown.length <= row) return;
    this.#terminal.output.write(`\x1b[${row + 1};1H${text}\x1b[K`);
    this.#shown = this.#shown.with(row, text);
  }

  /** Splits what was typed from mouse reports; the end may be the beginning of one. */
  #receive(data: string): void {
    let text = this.#pending + data;
    const [end = ''] = /\x1b\[<[\d;]*$/.exec(text) ?? [];
    this.#pending = end;
    text = text.slice(0, text.length - end.length);
    let from = 0;
    for (const report of text.matchAll(/\x1b\[<(\d+);(\d+);(\d+)([Mm])/g)) {
      if (report.index > from) this.#keys.write(text.slice(from, report.index));
      from = report.index + report[0].length;
      const input = mouseInput(Number(report[1]), Number(report[2]), Number(report[3]), report[4] === 'M');
      if (input !== null) this.#handlers.onInput(input);
    }
    if (from < text.length) this.#keys.write(text.slice(from));
  }
}

interface Keypress {
  readonly name?: string;
  readonly ctrl: boolean;
  readonly meta: boolean;
  readonly shift: boolean;
  readonly sequence: string;
}

function keyName(text: string | undefined, { name, ctrl, shift, sequence }: Keypress): string {
  if (ctrl) return `ctrl-${name ?? ''}`;
  if (name === 'tab' && shift) return 'shift-tab';
  if (name === 'enter') return 'return';
  // A letter is a key of its own in upper case.
  if (text !== undefined && text.length === 1 && text > ' ' && text !== '\x7f') return text;
  return name ?? sequence;
}

function mouseInput(button: number, column: number, row: number, isPress: boolean): MouseInput | null {
  const place = { column: column - 1, row: row - 1 };
  if (button === 64) return { kind: 'wheel-up', ...place };
  if (button === 65) return { kind: 'wheel-down', ...place };
  return button === 0 && isPress ? { kind: 'press', ...place } : null;
}
