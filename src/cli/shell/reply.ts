/** What a line of the shell prints. */
export interface Reply {
  /** Messages; always written to stdout. */
  readonly output: string;
  /** The answer, which may be redirected to a file or a pager; null if there is none. */
  readonly answer: string | null;
  /** Notes and errors of pstat, for stderr. */
  readonly err: string;
  /** Whether the shell exits. */
  readonly exits: boolean;
}

export const EMPTY_REPLY: Reply = { output: '', answer: null, err: '', exits: false };

export function message(...lines: readonly string[]): Reply {
  return { ...EMPTY_REPLY, output: joinLines(lines) };
}

export function result(...lines: readonly string[]): Reply {
  return { ...EMPTY_REPLY, answer: joinLines(lines) };
}

function joinLines(lines: readonly string[]): string {
  return lines.map((line) => `${line}\n`).join('');
}
