/** The view of `pstat attach` without a target: Node processes that run. */

/** A Node process. `NodeProcess` in record/attach is the same. */
export interface ProcessRow {
  readonly pid: number;
  /** Processors in use; null if it is not known. */
  readonly cpu: number | null;
  /** The TCP ports on which it listens. */
  readonly ports: readonly number[];
  /** The words of its command line. */
  readonly command: readonly string[];
}

export interface ProcessesView {
  readonly view: 'processes';
  /** What the processes are, for the heading. */
  readonly about: string;
  /** What to do with them. */
  readonly advice: string;
  /** Whether one of them must be chosen first. */
  readonly isQuestion: boolean;
  /** Busiest first. */
  readonly rows: readonly ProcessRow[];
}
