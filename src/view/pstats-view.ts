/** What pstats prints, which leaves a renderer nothing to choose. */
export interface PstatsView {
  readonly view: 'pstats';
  /** Without their ends; a name may hold any character. */
  readonly lines: readonly string[];
  /** functions listed */
  readonly matched: number;
  /** functions there are */
  readonly of: number;
  readonly notes: readonly string[];
}

/** @param of functions there are */
export function pstatsView(
  { lines, shown }: { readonly lines: readonly string[]; readonly shown: number },
  of: number,
  notes: readonly string[],
): PstatsView {
  const isNothing = shown === 0 && of > 0;
  return {
    view: 'pstats',
    lines,
    matched: shown,
    of,
    notes: isNothing ? [...notes, 'no function is left after the restrictions'] : notes,
  };
}
