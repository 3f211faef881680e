/** A comparison as a screen, as markdown, as JSON, as comma-separated values. */

import type { Change, ComparedFunction, ComparedSide, CountChange } from '../compare/comparison.ts';
import { visible } from '../text.ts';
import type { CompareView } from '../view/compare-view.ts';
import { compareColumns } from './compare-columns.ts';
import { compareFooter, compareHeader } from './compare-text.ts';
import { csvText } from './csv.ts';
import { droppedLine } from './footer.ts';
import { jsonText } from './json.ts';
import { code, markdownSheet, plain } from './markdown.ts';
import type { NamedLine } from './name-column.ts';
import { layOutSheet, type Sheet } from './sheet.ts';
import { linkingTheme, screen, type TableOptions } from './table.ts';
import { wrap } from './width.ts';

export function renderCompareTable(view: CompareView, options: TableOptions): string {
  const head = compareHeader(view.comparison);
  const wrapped = options.columns === null ? head : head.flatMap((line) => wrap(line, options.columns ?? 0));
  const { table, dropped } =
    view.rows.length === 0
      ? {
          table: [
            view.comparison.rows.length === 0 && !view.filtered
              ? 'Nothing to compare: neither side holds a function.'
              : 'No function matches.',
          ],
          dropped: [],
        }
      : layOutSheet(sheetOf(view), linkingTheme(options), options.columns);
  return screen([wrapped, table, [...droppedLine(dropped), ...compareFooter(view, options.showAll)]], options.columns);
}

function sheetOf(view: CompareView): Sheet {
  return {
    columns: compareColumns(view),
    lines: view.rows.map(namedLine),
    // Less than in other tables: what makes a verdict believable stands in the numbers.
    roomForNames: 36,
    titles: { name: 'function', place: 'file:line' },
  };
}

/** A moved function says from where, in few words: the line if the file is the same. */
function placeOf({ shownPlace, cameFrom, status }: ComparedFunction): string {
  if (shownPlace === null || status !== 'moved' || cameFrom === null) return shownPlace ?? '';
  const [, file = '', line = ''] = /^(.*?):([\d:]+)$/s.exec(cameFrom) ?? [];
  return shownPlace.startsWith(`${file}:`) ? `${file}:${line}→${shownPlace.slice(file.length + 1)}` : shownPlace;
}

function namedLine(row: ComparedFunction): NamedLine {
  const { shownName, file, verdict } = row;
  const quiet = verdict === 'noise' || verdict === 'light';
  return { name: visible(shownName), place: placeOf(row), file, style: quiet ? 'noise' : 'strong' };
}

export function renderCompareMarkdown(view: CompareView, { showAll }: Pick<TableOptions, 'showAll'>): string {
  const rows = view.rows.map((row) => [code(row.shownName), code(placeOf(row))]);
  const table =
    rows.length === 0 ? 'No function matches.' : markdownSheet(compareColumns(view), ['function', 'file:line'], rows);
  const head = compareHeader(view.comparison).map((line) => `- ${plain(line)}`);
  return `${[head.join('\n'), table, ...compareFooter(view, showAll).map(plain)].join('\n\n')}\n`;
}

/** `before`, `after`, `family` and `whole` stand in the place of a single profile. */
export function renderCompareJson(view: CompareView): string {
  const { comparison, rows, matched, notes, failures } = view;
  const head = {
    profile: null,
    measure: comparison.measure === 'self' ? 'tottime' : 'cumtime',
    counts: comparison.counts,
    before: sideJson(comparison.before),
    after: sideJson(comparison.after),
    family: comparison.family,
    whole: changeJson(comparison.whole),
    measured: comparison.isMeasured,
  };
  return jsonText({
    view: 'compare',
    head,
    rows: rows.map((row) => rowJson(row, comparison.counts)),
    matched,
    notes,
    tail: { failures },
  });
}

function sideJson({ runs, factors, wholes }: ComparedSide) {
  return { sources: runs.flat(), runs: runs.length, factors, wholes };
}

function rowJson(row: ComparedFunction, counts: 'samples' | 'calls') {
  const { name, file, line, column, status, cameFrom, verdict } = row;
  const counted = counts === 'calls' ? { ncalls: row.count } : { samples: row.count };
  return {
    name,
    file,
    line,
    column,
    status,
    cameFrom,
    verdict,
    tottime: changeJson(row.self),
    cumtime: changeJson(row.total),
    ...counted,
  };
}

function changeJson({ before, after, delta, scaledBefore, ratio, least, ...tested }: Change) {
  const { shift, low, high, p, adjustedP, significant } = tested;
  return { before, after, delta, scaledBefore, ratio, least, shift, low, high, p, adjustedP, significant };
}

export function renderCompareCsv(view: CompareView): string {
  const counts = view.comparison.counts === 'calls' ? 'ncalls' : 'samples';
  const titles = [
    'verdict',
    'status',
    'cameFrom',
    'name',
    'file',
    'line',
    'column',
    ...changeTitles('tottime'),
    ...changeTitles('cumtime'),
  ];
  return csvText([
    [...titles, `${counts}_before`, `${counts}_after`, `${counts}_changed`],
    ...view.rows.map((row) => [
      row.verdict,
      row.status,
      row.cameFrom === null ? null : visible(row.cameFrom),
      visible(row.name),
      row.file === null ? null : visible(row.file),
      row.line,
      row.column,
      ...changeCells(row.self),
      ...changeCells(row.total),
      ...countCells(row.count),
    ]),
  ]);
}

const CHANGE_FIELDS = [
  'before',
  'after',
  'delta',
  'scaledBefore',
  'ratio',
  'shift',
  'low',
  'high',
  'p',
  'adjustedP',
] as const;

function changeTitles(measure: string): string[] {
  return [...CHANGE_FIELDS, 'significant'].map((field) => `${measure}_${field}`);
}

function changeCells(change: Change) {
  return [...CHANGE_FIELDS.map((field) => change[field]), flagCell(change.significant)];
}

function countCells({ before, after, changed }: CountChange) {
  return [before, after, flagCell(changed)];
}

function flagCell(flag: boolean | null): string | null {
  return flag === null ? null : String(flag);
}
