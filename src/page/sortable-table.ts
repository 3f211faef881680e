/** A table whose rows open something, and whose columns sort it. */

import { compareCodePoints } from '../base/text.ts';
import { at } from '../model/columns.ts';
import type { TableColumn } from '../model/layout/page-facts.ts';
import { button, element } from './dom.ts';
import type { IndexSort } from './state.ts';

export interface SortableTableEvents {
  /** A row, by its place in the data. */
  readonly onRow: (row: number) => void;
  readonly onSort: (sorted: IndexSort) => void;
}

/** The first column has names, which sort as text; the others sort by the first number of their texts. */
export class SortableTable {
  readonly element: HTMLElement;
  /** The rows in the order of the data. */
  readonly rows: readonly HTMLElement[];
  readonly #columns: readonly TableColumn[];
  readonly #titles: readonly HTMLElement[];
  readonly #body: HTMLElement;
  #sorted: IndexSort | null = null;

  constructor(columns: readonly TableColumn[], { onRow, onSort }: SortableTableEvents) {
    this.#columns = columns;
    this.#titles = columns.map(({ title, align }, column) =>
      element(
        'th',
        { scope: 'col', class: align },
        button({ class: 'sort', click: () => onSort(this.#next(column)) }, title),
      ),
    );
    this.rows = (columns[0]?.cells ?? []).map((_, row) => this.#row(row, onRow));
    this.#body = element('tbody', {}, ...this.rows);
    const head = element('thead', {}, element('tr', {}, ...this.#titles));
    this.element = element('table', { class: 'routes' }, head, this.#body);
  }

  #row(row: number, onRow: (row: number) => void): HTMLElement {
    const [name = '', ...cells] = this.#columns.map((column) => at(column.cells, row));
    return element(
      'tr',
      { click: () => onRow(row) },
      element('th', { scope: 'row', class: this.#columns[0]?.align ?? 'left' }, button({ class: 'route' }, name)),
      ...cells.map((cell, i) => element('td', { class: this.#columns[i + 1]?.align ?? 'left' }, cell)),
    );
  }

  /** Sorts the rows; null is the order of the data. Equal rows keep their order. */
  sort(sorted: IndexSort | null): void {
    if (sorted?.column === this.#sorted?.column && sorted?.isAscending === this.#sorted?.isAscending) return;
    this.#sorted = sorted;
    for (const [column, title] of this.#titles.entries())
      title.ariaSort = column !== sorted?.column ? null : sorted.isAscending ? 'ascending' : 'descending';
    this.#body.replaceChildren(...(sorted === null ? this.rows : this.#sortedBy(sorted)));
  }

  #sortedBy({ column, isAscending }: IndexSort): readonly HTMLElement[] {
    // Anyone can write an address.
    const cells = this.#columns[column]?.cells;
    if (cells === undefined) return this.rows;
    const compare = this.#isText(column)
      ? (a: number, b: number) => compareCodePoints(at(cells, a), at(cells, b))
      : (a: number, b: number) => sortable(at(cells, a)) - sortable(at(cells, b));
    const sign = isAscending ? 1 : -1;
    return [...this.rows.keys()].sort((a, b) => sign * compare(a, b) || a - b).map((row) => at(this.rows, row));
  }

  /** Text upwards and numbers downwards at first, the other way round the second time. */
  #next(column: number): IndexSort {
    const isAscending = this.#sorted?.column === column ? !this.#sorted.isAscending : this.#isText(column);
    return { column, isAscending };
  }

  #isText(column: number): boolean {
    const { cells, align } = at(this.#columns, column);
    return align === 'left' && cells.every((cell) => Number.isNaN(numberIn(cell)));
  }
}

/** A cell without a number is below all. */
function sortable(cell: string): number {
  const value = numberIn(cell);
  return Number.isNaN(value) ? Number.NEGATIVE_INFINITY : value;
}

/** Of `1,234.5`, of `~33.3% wantsVersion`; `<0.1` is less than 0.1. A column has one unit. NaN for none. */
function numberIn(cell: string): number {
  const [, sign = '', digits = ''] = /^[~ ]*([<−+-]?)(\d[\d,]*(?:\.\d+)?)/.exec(cell) ?? [];
  if (digits === '') return Number.NaN;
  const value = Number(digits.replaceAll(',', ''));
  if (sign === '<') return value / 2;
  return sign === '-' || sign === '−' ? -value : value;
}
