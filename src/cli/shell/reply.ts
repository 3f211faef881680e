/** What a line of the shell prints. */
export interface Reply {
  /** The answer; Python's messages too, for Python prints them there. */
  readonly out: string;
  /** pstat's own words: notes, and why something could not be done. */
  readonly err: string;
  /** Whether the shell is left. */
  readonly leaves: boolean;
}

export const SILENCE: Reply = { out: '', err: '', leaves: false };

export function saying(...lines: readonly string[]): Reply {
  return { ...SILENCE, out: lines.map((line) => `${line}\n`).join('') };
}
