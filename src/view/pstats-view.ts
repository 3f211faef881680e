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
