/** The view of `pstat attach` without a target: Node processes that run. */

import type { NodeProcess } from '../record/attach/node-processes.ts';

export interface ProcessesView {
  readonly view: 'processes';
  /** What the processes are, for the heading. */
  readonly about: string;
  /** What to do with them. */
  readonly advice: string;
  /** Whether one of them must be chosen first. */
  readonly isQuestion: boolean;
  /** Busiest first. */
  readonly rows: readonly NodeProcess[];
}
