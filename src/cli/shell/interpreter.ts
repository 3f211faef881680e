/** Interprets one line of the shell. As in Python's `cmd`, an empty line repeats the last one. */

import { PstatError } from '../../base/errors.ts';
import { stripBlanks } from '../../pstats/python-text.ts';
import type { RenderOptions } from '../../render/render.ts';
import { formatError } from '../suggest.ts';
import { type Explore, FILE_COMMANDS, SHELL_COMMANDS } from './commands.ts';
import { parseCommandLine, parseTarget, type Target } from './parse-line.ts';
import { EMPTY_REPLY, message, type Reply } from './reply.ts';
import type { Session } from './session.ts';

/** Returns the options to render an answer for a target. */
export type ScreenOf = (target: Target) => Promise<RenderOptions>;

export interface Execution {
  readonly reply: Reply;
  readonly target: Target;
}

const SCREEN: Target = { kind: 'screen' };

export class Interpreter {
  readonly session: Session;
  readonly #screenOf: ScreenOf;
  readonly #explore: Explore;
  #lastLine = '';

  constructor(session: Session, screenOf: ScreenOf, explore: Explore) {
    this.session = session;
    this.#screenOf = screenOf;
    this.#explore = explore;
  }

  get prompt(): string {
    return `${this.session.name}% `;
  }

  /** Runs `read` or `add` on a file. */
  loadFile(how: 'read' | 'add', name: string): Promise<Execution> {
    return this.#run(how, name, SCREEN);
  }

  /** Runs a line. Never throws PstatError. */
  async execute(text: string): Promise<Execution> {
    const { word, rest, line } = parseCommandLine(text);
    if (line === '')
      return this.#lastLine === '' ? { reply: EMPTY_REPLY, target: SCREEN } : this.execute(this.#lastLine);
    if (word === null) return reportUnknownSyntax(line);
    // An unknown command is repeated too; the end of the input, which is the line EOF, is not.
    this.#lastLine = line === 'EOF' ? '' : line;
    if (!SHELL_COMMANDS.has(word)) return reportUnknownSyntax(line);
    const { command, target } = FILE_COMMANDS.has(word) ? { command: rest, target: SCREEN } : parseTarget(` ${rest}`);
    return this.#run(word, stripBlanks(command), target);
  }

  async #run(word: string, rest: string, target: Target): Promise<Execution> {
    try {
      const context = { session: this.session, screen: await this.#screenOf(target), explore: this.#explore };
      return { reply: (await SHELL_COMMANDS.get(word)?.(rest, context)) ?? EMPTY_REPLY, target };
    } catch (error) {
      if (!(error instanceof PstatError)) throw error;
      return { reply: { ...EMPTY_REPLY, err: `pstat: ${await formatError(error)}\n` }, target: SCREEN };
    }
  }
}

function reportUnknownSyntax(line: string): Execution {
  return { reply: message(`*** Unknown syntax: ${line}`), target: SCREEN };
}
