import type { ProcessExit } from '../record/program/launch.ts';
import type { AnyView } from '../render/render.ts';
import type { View } from '../view/views.ts';
import type { Io } from './io.ts';
import type { Arguments, OptionName } from './options.ts';

/** The result of a command that ran a program: how it ended, and what to print beside the program's own output. */
export interface RecordResult {
  readonly exit: ProcessExit;
  readonly lines: readonly string[];
  readonly view: View | null;
}

/** A command of pstat: its help, its options and what it does. */
export interface Command {
  readonly name: string;
  /** Its words after `pstat`, as a usage line shows them. */
  readonly usage: string;
  readonly describe: string;
  readonly examples: readonly (readonly [command: string, description: string])[];
  readonly options: readonly OptionName[];
  /** What its help says of its words and options, in place of what is true of most. */
  readonly about?: string;
  /** What its help says of an option that means something else here. */
  readonly describes?: Readonly<Partial<Record<OptionName, string>>>;
  /**
   * Answers: a view to be rendered, text to be printed as it is, or what a program left. Throws PstatError. `words` are the positional
   * arguments in order, the command's own name taken off.
   */
  readonly answer: (words: readonly string[], args: Arguments, io: Io) => Promise<AnyView | RecordResult | string>;
}
