/** What `pstat compare` says, above the picture of the side AFTER. */

import { pluralize } from '../base/text.ts';
import { formatCount } from '../base/units.ts';
import { at } from '../model/columns.ts';
import type { ComparedRow, ComparisonFacts } from '../model/layout/page-facts.ts';
import { signOf } from './colors.ts';
import { button, element, quietLine } from './dom.ts';

/** Rows at first: a page of thousands is slow to make, and few read it. */
const FIRST_ROWS = 100;

export function comparisonSection(facts: ComparisonFacts, onFunction: (fn: number) => void): HTMLElement {
  const removed = facts.rows.filter(({ functions }) => functions.length === 0).length;
  const gone = `${formatCount(removed)} of them ${removed === 1 ? 'is' : 'are'} not in AFTER, and not in the picture.`;
  const count = `${pluralize(facts.rows.length, 'function differs', 'functions differ')}.`;
  return element(
    'section',
    { class: 'comparison' },
    ...facts.heading.map(({ text, tone }, i) => element('p', { class: i === 0 ? `verdict ${tone}` : tone }, text)),
    element('p', {}, removed === 0 ? count : `${count} ${gone}`),
    changesTable(facts, onFunction),
    ...facts.notes.map((note) => quietLine(note)),
    element(
      'p',
      { class: 'commands' },
      element('span', { class: 'quiet' }, 'comparison: '),
      element('code', {}, facts.command),
    ),
  );
}

function changesTable(facts: ComparisonFacts, onFunction: (fn: number) => void): HTMLElement {
  const { columns, rows } = facts;
  const body = element('tbody', {});
  const add = (from: number, to: number) =>
    body.append(...rows.slice(from, to).map((_, i) => changeRow(facts, from + i, onFunction)));
  add(0, FIRST_ROWS);
  const titles = columns.map(({ title, align }) => element('th', { scope: 'col', class: align }, title));
  const all = [element('th', { scope: 'col', class: 'left' }, 'function'), ...titles];
  const table = element('table', { class: 'routes changes' }, element('thead', {}, element('tr', {}, ...all)), body);
  if (rows.length <= FIRST_ROWS) return table;
  const showAll = () => {
    add(FIRST_ROWS, rows.length);
    more.remove();
  };
  const more = button({ click: showAll }, `Show all ${formatCount(rows.length)}`);
  return element('div', {}, table, more);
}

function changeRow({ columns, rows }: ComparisonFacts, row: number, onFunction: (fn: number) => void): HTMLElement {
  const compared = at(rows, row);
  const [fn] = compared.functions;
  return element(
    'tr',
    fn === undefined ? { class: 'removed' } : { click: () => onFunction(fn) },
    element('td', { class: 'left function' }, ...nameCell(compared, fn === undefined)),
    ...columns.map(({ align, cells }) => element('td', { class: align }, at(cells, row))),
  );
}

function nameCell({ name, place, verdict }: ComparedRow, isRemoved: boolean): HTMLElement[] {
  const text = `${signOf(verdict)}${name}${isRemoved ? ' (removed)' : ''}`;
  const shown = isRemoved ? element('span', { class: verdict }, text) : button({ class: `route ${verdict}` }, text);
  return [shown, element('span', { class: 'place' }, ` ${place}`)];
}
