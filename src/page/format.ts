/** Words of figures, as the command line has them. */

import { formatAmount, formatCount, formatPercent } from '../base/units.ts';
import type { PageFacts } from '../model/layout/page-facts.ts';

export class Words {
  readonly #facts: PageFacts;

  constructor(facts: PageFacts) {
    this.#facts = facts;
  }

  amount(value: number): string {
    return Number.isNaN(value) ? '?' : formatAmount(value, this.#facts.unit);
  }

  /** Of the counted time: `12.3%`. */
  share(value: number, whole: number | null = this.#facts.counted): string {
    return `${formatPercent(Number.isNaN(value) ? null : value, whole)}%`;
  }

  count(value: number): string {
    return formatCount(Number.isNaN(value) ? null : value);
  }

  /** Standard error as a share: `±12%`. */
  error(share: number): string {
    return share > 0 && Number.isFinite(share) ? `±${(100 * share).toFixed(share < 0.1 ? 1 : 0)}%` : '';
  }

  get countName(): string {
    return this.#facts.counts === 'samples' ? 'samples' : 'calls';
  }
}
