/** pstats' browser: a line in, what it prints out. As Python's `cmd`, an empty line says the last one again. */

import { PstatError } from '../../base/errors.ts';
import { pythonStripped } from '../../pstats/python-text.ts';
import type { RenderOptions } from '../../render/render.ts';
import { SHELL_COMMANDS, TAKING_NAMES } from './commands.ts';
import { commandLine, type Target, withTarget } from './parse-line.ts';
import { type Reply, SILENCE, saying } from './reply.ts';
import type { Session } from './session.ts';

/** How something is written to each kind of target. */
export type ScreenOf = (target: Target) => Promise<RenderOptions>;

export interface Obeyed {
  readonly reply: Reply;
  readonly target: Target;
}

const SCREEN: Target = { kind: 'screen' };

export class Browser {
  readonly session: Session;
  readonly #screenOf: ScreenOf;
  #last = '';

  constructor(session: Session, screenOf: ScreenOf) {
    this.session = session;
    this.#screenOf = screenOf;
  }

  get prompt(): string {
    return `${this.session.name}% `;
  }

  /** As the command of that name would do it, were the name typed behind it. */
  take(how: 'read' | 'add', name: string): Promise<Obeyed> {
    return this.#run(how, name, SCREEN);
  }

  /** Does what a line says. Lets no PstatError out. */
  async obey(text: string): Promise<Obeyed> {
    const { word, rest, line } = commandLine(text);
    if (line === '') return this.#last === '' ? { reply: SILENCE, target: SCREEN } : this.obey(this.#last);
    if (word === null) return unknown(line);
    // Even what was not understood; but not the end of the input, which comes as a line.
    this.#last = line === 'EOF' ? '' : line;
    if (!SHELL_COMMANDS.has(word)) return unknown(line);
    const { asked, target } = TAKING_NAMES.has(word) ? { asked: rest, target: SCREEN } : withTarget(` ${rest}`);
    return this.#run(word, pythonStripped(asked), target);
  }

  async #run(word: string, rest: string, target: Target): Promise<Obeyed> {
    try {
      const bench = { session: this.session, screen: await this.#screenOf(target) };
      return { reply: (await SHELL_COMMANDS.get(word)?.(rest, bench)) ?? SILENCE, target };
    } catch (error) {
      if (!(error instanceof PstatError)) throw error;
      return { reply: { ...SILENCE, err: `pstat: ${error.message}\n` }, target: SCREEN };
    }
  }
}

function unknown(line: string): Obeyed {
  return { reply: saying(`*** Unknown syntax: ${line}`), target: SCREEN };
}
