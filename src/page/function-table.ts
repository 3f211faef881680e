/** The table of functions. Only the rows in view are in the document. */

import { pluralize } from '../base/text.ts';
import { at } from '../model/columns.ts';
import type { PageData } from './data.ts';
import { button, element, fill } from './dom.ts';
import { type FunctionRow, rowOrders } from './figures.ts';
import type { Words } from './format.ts';
import type { SortColumn, State } from './state.ts';

const ROW_HEIGHT = 24;

/** Rows are made in blocks, with one beyond each edge of the view, so that most scrolling makes none. */
const BLOCK_ROWS = 20;

export interface TableEvents {
  readonly onSort: (column: SortColumn) => void;
  readonly onFunction: (fn: number) => void;
}

export class FunctionTableView {
  readonly element: HTMLElement;
  readonly #data: PageData;
  readonly #words: Words;
  readonly #events: TableEvents;
  readonly #table: HTMLElement;
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
    const scroll = () => this.#scroll();
    this.#scroller = element('div', {
      class: 'rows',
      role: 'rowgroup',
      tabindex: '0',
      'aria-label': 'functions',
      scroll,
    });
    this.#head = element('div', { class: 'row head', role: 'row' });
    this.#count = element('p', { class: 'quiet' });
    const head = element('div', { role: 'rowgroup' }, this.#head);
    this.#table = element('div', { role: 'table', 'aria-label': 'functions' }, head, this.#scroller);
    this.element = element('section', { class: 'functions' }, this.#table, this.#count);
  }

  draw(state: State, test: ((fn: number) => boolean) | null, selected: number): void {
    const { sort, isReversed } = state;
    const all = this.#data.rows();
    const kept = test === null ? all : all.filter(({ fn }) => test(fn));
    // All rows are the hottest first already.
    const sorted = sort === 'tottime' ? [...kept] : kept.toSorted(rowOrders(this.#data.functions)[sort]);
    this.#rows = isReversed ? sorted.reverse() : sorted;
    this.#selected = selected;
    this.#table.setAttribute('aria-rowcount', String(kept.length + 1));
    this.#drawHead(state);
    this.#drawRows();
    const count = pluralize(all.length, 'function');
    const sum = kept.reduce((time, row) => time + (row.tottime || 0), 0);
    const share = test === null ? '' : `, ${this.#words.amount(sum)} tottime, ${this.#words.share(sum)}`;
    this.#count.textContent = test === null ? count : `${this.#words.count(kept.length)} of ${count}${share}`;
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
    fill(
      this.#head,
      ...titles.map(([column, title, kind]) => {
        const sorted =
          column === sort ? { 'aria-sort': isReversed !== (column === 'name') ? 'ascending' : 'descending' } : {};
        const text = column === null ? title : this.#sortButton(column, title);
        return element('span', { class: kind, role: 'columnheader', ...sorted }, text);
      }),
    );
  }

  #sortButton(column: SortColumn, title: string): HTMLElement {
    return button({ class: 'sort', click: () => this.#events.onSort(column) }, title);
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
    fill(
      this.#scroller,
      space(first),
      ...Array.from({ length: end - first }, (_, i) => this.#row(first + i)),
      space(this.#rows.length - end),
    );
  }

  #row(index: number): HTMLElement {
    const row = at(this.#rows, index);
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
    const cell = (kind: string, content: Node | string) => element('span', { class: kind, role: 'cell' }, content);
    const name = button({ class: 'route' }, at(label, row.fn));
    // Cut at its front, where there is no room: the file and the line are at its end.
    const file = element('bdi', { title: at(place, row.fn) }, at(place, row.fn));
    return element(
      'div',
      {
        class: 'row',
        role: 'row',
        'aria-rowindex': String(index + 2),
        click: () => this.#events.onFunction(row.fn),
        'aria-current': row.fn === this.#selected ? 'true' : null,
      },
      cell('name', name),
      cell('place', file),
      ...cells.map((text) => cell('number', text)),
    );
  }
}
