/** A comparison → Report. */

import { groupDigits } from '../base/text.ts';
import {
  formatCallDuration,
  formatCountChange,
  formatPercentChange,
  formatPValue,
  formatTime,
  formatTimeDifference,
  type TimeScale,
  timeScalePair,
} from '../base/units.ts';
import type { Change, ComparedFunction, Comparison, CountChange, Verdict } from '../compare/comparison.ts';
import { gateExitCode } from '../compare/gate.ts';
import { cutDataUrl } from '../query/places.ts';
import type { CompareView } from '../view/compare-view.ts';
import { BASIS_NAMES, compareHeading, compareNotes, leftOutNotes, verdictTone } from './compare-text.ts';
import { SHOW_ALL } from './functions-report.ts';
import {
  dataColumn,
  line,
  noteLine,
  type Report,
  type ReportColumn,
  type ReportRow,
  shownColumn,
  type Value,
} from './report.ts';

/** @param showAll what to write to see all rows */
export function compareReport(view: CompareView, showAll = SHOW_ALL): Report {
  const { comparison, rows, gate, bisection } = view;
  return {
    heading: [...bisectionLines(bisection), ...compareHeading(comparison, gate)],
    columns: [...shownColumns(view), ...dataColumns(view)],
    lines: rows.map((row) => reportRow(row, comparison)),
    hasVerdict: true,
    names: { name: 'function', place: 'file:line', room: 46 },
    emptyMessage: emptyMessage(view),
    notes: [
      ...leftOutNotes(view.leftOut).map(({ text }) => noteLine(text)),
      ...compareNotes(comparison.notes, showAll === SHOW_ALL ? '--json' : 'format json'),
    ],
    closing: [line(lastLine(view, showAll), 'quiet')],
    exitCode: exitCode(view),
  };
}

function bisectionLines(bisection: CompareView['bisection']): Report['heading'] {
  if (bisection === null) return [];
  const { commit, text } = bisection;
  if (commit === null) return [line(text)];
  return [line(text, 'worse'), line(`the first slower commit: ${commit.subject}`)];
}

function emptyMessage({ comparison, filtered, unchanged, matched }: CompareView): string {
  if (matched > 0) return 'No row is shown: the limit is 0 rows.';
  if (unchanged > 0) return 'No function changed.';
  return comparison.rows.length === 0 && !filtered
    ? 'Nothing to compare: neither side has a function.'
    : 'No function matches; patterns are case-sensitive, /name/i is not.';
}

function exitCode({ matched, unchanged, filtered, gate }: CompareView): Report['exitCode'] {
  if (matched + unchanged === 0 && filtered) return 1;
  return gate === null ? 0 : gateExitCode(gate);
}

// ---- what people see ---------------------------------------------------------------------------------------------------

const VERDICTS: Readonly<Record<Verdict, string>> = {
  slower: 'slower',
  faster: 'faster',
  new: 'new',
  removed: 'removed',
  'calls-changed': 'calls',
  'no-change': '~',
  inconclusive: '?',
  untested: '',
};

/** Whether times can be tested at all: with fewer runs there are differences and no verdicts. */
function isTested({ total }: Comparison): boolean {
  return total.p !== null;
}

function hasVerdict({ verdict }: ComparedFunction): boolean {
  return verdict === 'slower' || verdict === 'faster' || verdict === 'new' || verdict === 'removed';
}

function shownColumns({ rows, comparison }: CompareView): ReportColumn[] {
  const { measure, counts } = comparison;
  const times = rows.flatMap((row) => [row[measure].before, row[measure].after]);
  const [scale] = timeScalePair(times, times);
  const time = (value: number | null) => (value === null ? '-' : formatTime(value, scale));
  const texts = (cell: (row: ComparedFunction) => string) => rows.map(cell);
  const hasVerdicts = isTested(comparison) || rows.some(({ verdict }) => verdict === 'calls-changed');
  const verdicts = shownColumn({
    title: ['', 'verdict'],
    name: 'verdict',
    priority: 'essential',
    align: 'left',
    texts: texts(({ verdict }) => VERDICTS[isTested(comparison) || verdict !== 'inconclusive' ? verdict : 'untested']),
  });
  return [
    ...(hasVerdicts ? [verdicts] : []),
    shownColumn({
      title: ['before', scale.unit],
      name: 'before',
      priority: 'essential',
      texts: texts((row) => time(row[measure].before)),
    }),
    shownColumn({
      title: ['after', scale.unit],
      name: 'after',
      priority: 'essential',
      texts: texts((row) => time(row[measure].after)),
    }),
    shownColumn({
      title: ['change', scale.unit],
      name: 'change',
      priority: 'essential',
      texts: texts((row) => changeCell(row, comparison, scale)),
    }),
    shownColumn({
      title: ['', '%'],
      name: '%',
      priority: 'essential',
      texts: texts((row) => percentCell(row, comparison)),
    }),
    ...evidenceColumns(rows, comparison, scale),
    shownColumn({
      title: [counts, 'change'],
      name: `change of ${counts}`,
      priority: counts === 'calls' ? 2 : 7,
      texts: texts((row) => (row.count.delta === null ? '?' : formatCountChange(row.count.delta))),
    }),
    ...perCallColumn(rows, measure),
  ];
}

/** Without a verdict there is no change to speak of; with too few runs for any verdict, the difference is all there is. */
function changeCell(row: ComparedFunction, comparison: Comparison, scale: TimeScale): string {
  if (isTested(comparison) && !hasVerdict(row)) return row.verdict === 'untested' ? '' : '~';
  const { before, after } = row[comparison.measure];
  return formatTimeDifference(before ?? 0, after ?? 0, scale);
}

function percentCell(row: ComparedFunction, comparison: Comparison): string {
  const { before, delta } = row[comparison.measure];
  if ((isTested(comparison) && !hasVerdict(row)) || before === null || before === 0) return '';
  return formatPercentChange(delta, before);
}

function evidenceColumns(rows: readonly ComparedFunction[], comparison: Comparison, scale: TimeScale): ReportColumn[] {
  if (!isTested(comparison) || !rows.some(hasVerdict)) return [];
  const changes = rows.map((row) => (hasVerdict(row) ? row[comparison.measure] : null));
  const end = (value: number) => formatTimeDifference(0, value, scale);
  const interval = (change: Change | null) =>
    change === null || change.low === null || change.high === null ? '' : `${end(change.low)} … ${end(change.high)}`;
  return [
    shownColumn({ title: ['95% interval', scale.unit], name: 'interval', priority: 6, texts: changes.map(interval) }),
    shownColumn({
      title: ['', 'p'],
      name: 'p',
      priority: 4,
      texts: changes.map((change) => formatPValue(change?.p ?? null)),
    }),
  ];
}

/** Where the number of calls changed, the time of one call says more than that of all. */
function perCallColumn(rows: readonly ComparedFunction[], measure: 'self' | 'total'): ReportColumn[] {
  const changed = rows.map((row) => row.count.changed === true && row.status !== 'new' && row.status !== 'removed');
  if (!changed.includes(true)) return [];
  const texts = rows.map((row, i) =>
    changed[i] === true
      ? `${each(row[measure].before, row.count.before)} → ${each(row[measure].after, row.count.after)}`
      : '',
  );
  return [shownColumn({ title: ['time', 'per call'], name: 'time per call', priority: 5, texts })];
}

function each(time: number | null, calls: number | bigint | null): string {
  return time === null || calls === null || Number(calls) === 0 ? '-' : formatCallDuration(time / Number(calls));
}

function reportRow(row: ComparedFunction, comparison: Comparison): ReportRow {
  const called = hasVerdict(row) || row.verdict === 'calls-changed' || !isTested(comparison);
  const { delta } = row[comparison.measure];
  const tone = hasVerdict(row) ? verdictTone((delta ?? 0) > 0 ? 'slower' : 'faster') : called ? 'plain' : 'quiet';
  return {
    name: row.shownName,
    place: placeOf(row),
    file: row.file,
    style: called ? 'strong' : 'noise',
    tone,
    relation: null,
  };
}

/** A function that moved says from where, in few words: the line if the file is the same. */
function placeOf(row: ComparedFunction): string {
  const { shownPlace, movedFrom, hint } = row;
  const place = shownPlace ?? '';
  const file = fileOf(movedFrom ?? '');
  // The same place below another root was not moved as people see it.
  const isMoved = file !== null && place !== movedFrom && place.startsWith(`${file}:`);
  const moved = isMoved ? `${movedFrom}→${place.slice(file.length + 1)}` : place;
  const notes = [...(hint === null ? [] : [hintText(row)]), ...editedText(row)];
  return notes.length === 0 ? moved : `${moved} (${notes.join(', ')})`;
}

/** Tells the cause from what it calls. */
function editedText(row: ComparedFunction): string[] {
  if (row.edited === true) return ['edited'];
  return row.editedCaller !== null && hasVerdict(row) ? [`called by ${row.editedCaller}`] : [];
}

/** The file of `file:line` or `file:line:column`; null for other places. */
function fileOf(place: string): string | null {
  const end = /(?::\d{1,10}){1,2}$/.exec(place);
  return end === null ? null : place.slice(0, end.index);
}

function hintText({ hint, status }: ComparedFunction): string {
  if (hint?.kind === 'inlined') return `inlined ${hint.name}?`;
  return `renamed ${status === 'new' ? 'from' : 'to'} ${hint?.name}?`;
}

function lastLine({ rows, matched, unchanged, sort, reverse, comparison }: CompareView, showAll: string): string {
  const among = rows.length < matched ? ` of ${groupDigits(String(matched))}` : '';
  const more = rows.length < matched ? `; ${showAll} shows all` : '';
  const hidden = unchanged === 0 ? '' : `; ${groupDigits(String(unchanged))} unchanged not shown`;
  const order = sort[0] === 'tottime' || sort[0] === 'cumtime' ? 'by evidence' : `by ${sort.join(', ')}`;
  const signs = new Set(rows.map(({ verdict }) => verdict));
  const legend = [
    ...(isTested(comparison) && signs.has('no-change') ? ['~ no significant change'] : []),
    ...(isTested(comparison) && signs.has('inconclusive') ? ['? one side only, not significant'] : []),
    ...(isTested(comparison) && signs.has('untested') ? ['no verdict: too little time to test'] : []),
    ...(isTested(comparison) ? [`times are means${basisText(comparison)}`] : []),
  ];
  const shown = `${groupDigits(String(rows.length))}${among} ${matched === 1 ? 'function' : 'functions'} ${order}`;
  return [`${shown}${reverse ? ', reversed' : ''}${more}${hidden}`, ...legend].join('; ');
}

/** Where the total is of another time than the rows. */
function basisText({ basis, functionBasis }: Comparison): string {
  const isOther = basis === 'cpu' || basis === 'elapsed';
  return isOther ? ` of ${BASIS_NAMES[functionBasis]}` : '';
}

// ---- what programs read ------------------------------------------------------------------------------------------------

function dataColumns({ rows, comparison }: CompareView): ReportColumn[] {
  const counts = comparison.counts === 'calls' ? 'ncalls' : 'samples';
  const column = (key: string, value: (row: ComparedFunction) => Value) => dataColumn(key, rows.map(value));
  return [
    column('verdict', ({ verdict }) => verdict),
    column('status', ({ status }) => status),
    ...(rows.some(({ edited }) => edited !== null) ? [column('edited', ({ edited }) => edited)] : []),
    column('moved_from', ({ movedFrom }) => movedFrom && cutDataUrl(movedFrom)),
    column('name', ({ name }) => name),
    column('file', ({ file }) => file && cutDataUrl(file)),
    column('line', (row) => row.line),
    column('column', (row) => row.column),
    ...changeColumns(
      'tottime',
      rows.map(({ self }) => self),
    ),
    ...changeColumns(
      'cumtime',
      rows.map(({ total }) => total),
    ),
    ...countColumns(
      counts,
      rows.map(({ count }) => count),
    ),
  ];
}

function changeColumns(measure: string, changes: readonly Change[]): ReportColumn[] {
  const times = ['before', 'after', 'delta', 'shift', 'low', 'high'] as const;
  const others = ['ratio', 'p', 'adjustedP', 'significant'] as const;
  return [
    ...times.map((field) =>
      dataColumn(
        `${measure}_${field}_us`,
        changes.map((change) => change[field]),
      ),
    ),
    ...others.map((field) =>
      dataColumn(
        `${measure}_${field === 'adjustedP' ? 'adjusted_p' : field}`,
        changes.map((change) => change[field]),
      ),
    ),
  ];
}

function countColumns(counts: string, changes: readonly CountChange[]): ReportColumn[] {
  const fields = ['before', 'after', 'changed'] as const;
  return fields.map((field) =>
    dataColumn(
      `${counts}_${field}`,
      changes.map((change) => change[field]),
    ),
  );
}
