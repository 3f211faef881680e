/** The looks at a comparison while its versions still run in turn: whether more blocks are needed. */

import { formatPercent } from '../../base/units.ts';
import { FIRST_LOOK, intervalWidth, isPreciseEnough } from '../../compare/stopping-rule.ts';
import type { CompareRoutesView, CompareView } from '../../view/compare-view.ts';
import { untilOfSeveralRoutes } from '../ab-errors.ts';
import type { LookState } from '../run-progress.ts';
import type { AbOptions } from './ab-options.ts';

export class Looks {
  readonly #options: Pick<AbOptions, 'until' | 'requests'>;
  readonly #compare: () => Promise<CompareView | CompareRoutesView>;
  #width: number | null = null;

  /** @param compare what has been recorded so far */
  constructor(options: Pick<AbOptions, 'until' | 'requests'>, compare: () => Promise<CompareView | CompareRoutesView>) {
    this.#options = options;
    this.#compare = compare;
  }

  get state(): LookState {
    return { isLimit: this.#options.until !== null, width: this.#width };
  }

  /** Throws PstatError: after the first block already if --requests matches nothing, or several routes with --until. */
  async areEnough(blocks: number): Promise<boolean> {
    const { until, requests } = this.#options;
    const looks = until !== null && blocks >= FIRST_LOOK;
    if (!looks && !(blocks === 1 && requests !== null)) return false;
    const view = await this.#compare();
    if (until === null) return false;
    if (view.view === 'compare-routes') throw untilOfSeveralRoutes(view.comparison.routes.map(({ route }) => route));
    if (!looks) return false;
    this.#width = intervalWidth(view.comparison.total);
    return isPreciseEnough(view.comparison.total, until);
  }

  /** Null where all blocks were to run. */
  describeEnd(blocks: number): string | null {
    if (this.#options.until === null || this.#width === null) return null;
    return `${blocks} blocks; the interval of the total is ${formatPercent(this.#width, 1)}% wide`;
  }
}
