import type { ViewNote } from './notes.ts';

/** The output of pstats, line by line. */
export interface PstatsView {
  readonly view: 'pstats';
  /** Without line ends. A name may contain any character. */
  readonly lines: readonly string[];
  /** number of functions listed */
  readonly matched: number;
  /** number of all functions */
  readonly of: number;
  readonly notes: readonly ViewNote[];
}

/** @param of number of all functions */
export function pstatsView(
  { lines, shown }: { readonly lines: readonly string[]; readonly shown: number },
  of: number,
  notes: readonly ViewNote[],
): PstatsView {
  const isNothing = shown === 0 && of > 0;
  return {
    view: 'pstats',
    lines,
    matched: shown,
    of,
    notes: isNothing ? [...notes, { code: 'nothing-left' }] : notes,
  };
}
