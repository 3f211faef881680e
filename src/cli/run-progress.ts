/** Which run is on, and how long the rest will take: on stderr, in one line of a terminal or a line a block elsewhere. */

import { escapeControls, headOf } from '../base/text.ts';
import { formatDuration, formatPercent } from '../base/units.ts';
import type { Progress } from '../record/ab/run-blocks.ts';
import type { Io } from './io.ts';
import { overwriteLine } from './progress.ts';

const PREFIX = 'pstat: ';

/** What the looks say where a comparison may end before all blocks. */
export interface LookState {
  /** Whether `count` is the most. */
  readonly isLimit: boolean;
  /** Of the total's interval at the last look, as a share of the time before; null before the first. */
  readonly width: number | null;
}

export class RunProgress {
  readonly #io: Pick<Io, 'stderr' | 'env'>;
  #isShown = false;
  #lastBlock = -1;

  constructor(io: Pick<Io, 'stderr' | 'env'>) {
    this.#io = io;
  }

  showRun({ side, block, count, left, isLimit, width }: Progress & LookState): void {
    const isTerminal = this.#isTerminal();
    if (!isTerminal && block === this.#lastBlock) return;
    this.#lastBlock = block;
    const where = block === 0 ? 'warm-up' : `block ${block} of ${isLimit ? 'up to ' : ''}${count}`;
    const rest = left === null ? [] : [`${isLimit ? 'up to ' : ''}${formatLeft(left)} left`];
    const interval = width === null ? [] : [`interval ${formatPercent(width, 1)}%`];
    const whole = [where, ...(isTerminal ? [side] : []), ...rest, ...interval].join(', ');
    this.show(isTerminal && whole.length > this.#room() - PREFIX.length ? [where, ...rest].join(', ') : whole);
  }

  show(text: string): void {
    const { stderr } = this.#io;
    const line = `${PREFIX}${escapeControls(text)}`;
    if (!this.#isTerminal()) {
      stderr.write(`${line}\n`);
      return;
    }
    this.#isShown = true;
    overwriteLine(stderr, headOf(line, this.#room()));
  }

  /** Erases the line, before anything else is written. */
  end(): void {
    if (this.#isShown) overwriteLine(this.#io.stderr);
    this.#isShown = false;
  }

  #room(): number {
    return Math.max(20, this.#io.stderr.columns ?? 80) - 1;
  }

  #isTerminal(): boolean {
    return this.#io.stderr.isTTY && this.#io.env['TERM'] !== 'dumb';
  }
}

/** `45 s`, `3 min 20 s`, `1 h 5 min`: no more than an estimate is worth. */
function formatLeft(ms: number): string {
  const seconds = Math.round(ms / 1000);
  if (seconds < 1) return formatDuration(1000 * Math.round(ms));
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
  return `${Math.floor(seconds / 3600)} h ${Math.floor((seconds % 3600) / 60)} min`;
}
