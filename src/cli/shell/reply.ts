/** What a line of the shell prints. */
export interface Reply {
  /** Messages, Python's among them: always to stdout. */
  readonly told: string;
  /** What was asked for, which may go to a file or a pager instead; null where there is no answer. */
  readonly answer: string | null;
  /** pstat's own words: notes, and why something could not be done. */
  readonly err: string;
  /** Whether the shell is left. */
  readonly leaves: boolean;
}

export const SILENCE: Reply = { told: '', answer: null, err: '', leaves: false };

export function saying(...lines: readonly string[]): Reply {
  return { ...SILENCE, told: textOf(lines) };
}

export function answering(...lines: readonly string[]): Reply {
  return { ...SILENCE, answer: textOf(lines) };
}

function textOf(lines: readonly string[]): string {
  return lines.map((line) => `${line}\n`).join('');
}
