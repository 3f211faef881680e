import type { ProcessExit } from '../record/program/launch.ts';
import type { AnyView } from '../render/render.ts';
import type { View } from '../view/views.ts';
import type { Arguments } from './arguments.ts';
import type { Io } from './io.ts';
import type { OptionName } from './options.ts';

/** The result of a command that ran a program: how it ended, and what to print beside the program's own output. */
export interface RecordResult {
  readonly exit: ProcessExit;
  readonly lines: readonly string[];
  readonly view: View | null;
}

/** A view with an exit code of its own. */
export interface CodedView {
  readonly view: AnyView;
  readonly code: number;
}

/** A command of pstat: its help, its options and its action. */
export interface Command {
  readonly name: string;
  /** Its usage line without `pstat`. */
  readonly usage: string;
  readonly describe: string;
  readonly examples: readonly (readonly [command: string, description: string])[];
  readonly options: readonly OptionName[];
  /** Replaces the notes on FILES and PATTERN in its help. */
  readonly about?: string;
  /** Letters that stand for another option here. */
  readonly letters?: Readonly<Record<string, OptionName>>;
  /** Values of options that are flags elsewhere, as the help shows them. */
  readonly values?: Readonly<Partial<Record<OptionName, string>>>;
  /** Replaces the descriptions of options that mean something else here. */
  readonly describes?: Readonly<Partial<Record<OptionName, string>>>;
  /**
   * The values of options to choose from that are others here. For a format that is not among OUTPUT_FORMATS, the answer is text.
   * @default OPTION_CHOICES
   */
  readonly choices?: Readonly<Partial<Record<OptionName, readonly string[]>>>;
  /**
   * Returns a view to render, text to print, or the result of a recorded program. Throws PstatError. `words` are the
   * positional arguments without the command's name.
   */
  readonly answer: (
    words: readonly string[],
    args: Arguments,
    io: Io,
  ) => Promise<AnyView | RecordResult | CodedView | string>;
}
