/** The table of functions. Only the rows in view are in the document. */

import { compareCodePoints } from '../base/text.ts';
import { at } from '../model/columns.ts';
import { type FunctionRow, hottestFirst, type PageData } from './data.ts';
import { element } from './dom.ts';
import type { Words } from './format.ts';
import type { SortColumn, State } from './state.ts';

const ROW_HEIGHT = 24;

/** Rows are made in blocks, with one beyond each edge of the view, so that most scrolling makes none. */
const BLOCK_ROWS = 20;

export interface TableEvents {
  readonly onSort: (column: SortColumn) => void;
  readonly onSelect: (row: FunctionRow) => void;
}

export class FunctionTableView {
  readonly element: HTMLElement;
  readonly #data: PageData;
  readonly #words: Words;
  readonly #events: TableEvents;
  readonly #scroller: HTMLElement;
  readonly #head: HTMLElement;
  readonly #count: HTMLElement;
  #rows: readonly FunctionRow[] = [];
  #selected = -1;
  /** The first row in the document. */
  #first = 0;

  constructor(data: PageData, words: Words, events: TableEvents) {
    this.#data = data;
    this.#words = words;
    this.#events = events;
    this.#scroller = element('div', { class: 'rows', tabindex: '0', scroll: () => this.#scroll() });
    this.#head = element('div', { class: 'row head' });
    this.#count = element('p', { class: 'quiet' });
    this.element = element('section', { class: 'functions' }, this.#head, this.#scroller, this.#count);
  }

  draw(state: State, test: ((fn: number) => boolean) | null, selected: number): void {
    const all = this.#data.rows();
    const kept = test === null ? all : all.filter(({ fn }) => test(fn));
    this.#rows = sortRows(kept, state, this.#data.texts.label);
    this.#selected = selected;
    this.#drawHead(state);
    this.#drawRows();
    const [shown, count] = [kept.length, all.length].map((each) => each.toLocaleString('en'));
    const sum = kept.reduce((time, row) => time + (row.tottime || 0), 0);
    const share = test === null ? '' : `, ${this.#words.amount(sum)} tottime, ${this.#words.share(sum)}`;
    this.#count.textContent = test === null ? `${count} functions` : `${shown} of ${count} functions${share}`;
  }

  #drawHead({ sort, isReversed }: State): void {
    const { countName } = this.#words;
    const titles: readonly (readonly [SortColumn | null, string, string])[] = [
      ['name', 'function', 'name'],
      [null, 'place', 'place'],
      ['tottime', 'tottime', 'number'],
      [null, '%', 'number'],
      [null, '±%', 'number'],
      ['cumtime', 'cumtime', 'number'],
      [null, '%', 'number'],
      ['samples', countName, 'number'],
    ];
    const arrow = (column: SortColumn | null) =>
      column !== sort ? '' : isReversed !== (column === 'name') ? ' ↑' : ' ↓';
    this.#head.replaceChildren(
      ...titles.map(([column, title, kind]) =>
        column === null
          ? element('span', { class: kind }, title)
          : element(
              'button',
              { type: 'button', class: kind, click: () => this.#events.onSort(column) },
              `${title}${arrow(column)}`,
            ),
      ),
    );
  }

  #scroll(): void {
    if (this.#firstRow() !== this.#first) this.#drawRows();
  }

  #firstRow(): number {
    const block = Math.floor(this.#scroller.scrollTop / ROW_HEIGHT / BLOCK_ROWS);
    return Math.max(0, block - 1) * BLOCK_ROWS;
  }

  #drawRows(): void {
    const first = this.#firstRow();
    this.#first = first;
    const visible = Math.ceil((this.#scroller.clientHeight || 480) / ROW_HEIGHT) + 3 * BLOCK_ROWS;
    const end = Math.min(this.#rows.length, first + visible);
    const space = (rows: number) => {
      const spacer = element('div', { class: 'space' });
      spacer.style.height = `${rows * ROW_HEIGHT}px`;
      return spacer;
    };
    this.#scroller.replaceChildren(
      space(first),
      ...Array.from({ length: end - first }, (_, i) => this.#row(at(this.#rows, first + i))),
      space(this.#rows.length - end),
    );
  }

  #row(row: FunctionRow): HTMLElement {
    const { label, place } = this.#data.texts;
    const words = this.#words;
    const cells = [
      words.amount(row.tottime),
      words.share(row.tottime),
      words.error(row.selfError),
      words.amount(row.cumtime),
      words.share(row.cumtime),
      words.count(row.selfCount),
    ];
    return element(
      'button',
      {
        type: 'button',
        class: 'row',
        'aria-pressed': String(row.fn === this.#selected),
        click: () => this.#events.onSelect(row),
      },
      element('span', { class: 'name' }, at(label, row.fn)),
      element('span', { class: 'place' }, at(place, row.fn)),
      ...cells.map((cell) => element('span', { class: 'number' }, cell)),
    );
  }
}

function sortRows(rows: readonly FunctionRow[], { sort, isReversed }: State, labels: readonly string[]): FunctionRow[] {
  const compare = comparisonBy(sort, labels);
  const sorted = rows.toSorted(compare);
  return isReversed ? sorted.reverse() : sorted;
}

/** As `pstat top` breaks ties. */
function comparisonBy(sort: SortColumn, labels: readonly string[]): (a: FunctionRow, b: FunctionRow) => number {
  const byName = (a: FunctionRow, b: FunctionRow) => compareCodePoints(at(labels, a.fn), at(labels, b.fn));
  const byCumtime = (a: FunctionRow, b: FunctionRow) => (b.cumtime || 0) - (a.cumtime || 0);
  const byCount = (a: FunctionRow, b: FunctionRow) => (b.selfCount || 0) - (a.selfCount || 0);
  const orders = { name: byName, cumtime: byCumtime, samples: byCount, tottime: hottestFirst(labels) };
  return (a, b) => orders[sort](a, b) || byCumtime(a, b) || byName(a, b);
}
