/** A comparison of two sides. */

import {
  countChangeFormat,
  formatCallDuration,
  formatCount,
  formatPercentChange,
  formatPValue,
  formatTime,
  formatTimeDifference,
  type TimeScale,
  timeScalePair,
} from '../../base/units.ts';
import type { Change, ComparedFunction, ComparedSide, Comparison, Verdict } from '../../compare/comparison.ts';
import { type Gate, gateExitCode } from '../../compare/gate.ts';
import { cutDataUrl } from '../../query/places.ts';
import type { CompareView } from '../../view/compare-view.ts';
import { jsonText } from '../json.ts';
import { notesJson, reportNotes } from '../profile-notes.ts';
import {
  dataColumns,
  line,
  noteLine,
  type Report,
  type ReportColumn,
  type ReportRow,
  shownColumnsOf,
  shownOf,
  type Value,
} from '../report.ts';
import { BASIS_NAMES, compareHeading, compareNotes, leftOutNotes, noteText, verdictTone } from './compare-text.ts';
import { NO_FUNCTION_MATCHES } from './empty-message.ts';
import { SHOW_ALL } from './functions.ts';

/** @param showAll what to write to see all rows */
export function compareReport(view: CompareView, showAll = SHOW_ALL): Report {
  const { comparison, rows, gate, bisection } = view;
  return {
    heading: [...bisectionLines(bisection), ...compareHeading(comparison, gate)],
    columns: [...peopleColumns(view), ...programColumns(view)],
    lines: rows.map((row) => reportRow(row, comparison)),
    hasVerdict: true,
    names: { name: 'function', place: 'file:line', room: 46 },
    emptyMessage: emptyMessage(view),
    notes: [
      ...leftOutNotes(view.leftOut).map(({ text }) => noteLine(text)),
      ...reportNotes(view.skipped),
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
    : NO_FUNCTION_MATCHES;
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

function peopleColumns({ rows, comparison }: CompareView): ReportColumn[] {
  const { measure, counts } = comparison;
  const times = rows.flatMap((row) => [row[measure].before, row[measure].after]);
  const [scale] = timeScalePair(times, times);
  const countChange = countChangeFormat(rows.map(({ count }) => count.delta));
  // Without a difference the time is not known; with one, the side does not have the function.
  const time = (row: ComparedFunction, side: 'before' | 'after') =>
    row[measure][side] === null && row[measure].delta !== null ? '-' : formatTime(row[measure][side], scale);
  const isShown = isTested(comparison) || rows.some(({ verdict }) => verdict === 'calls-changed');
  const verdictText = ({ verdict }: ComparedFunction) =>
    VERDICTS[isTested(comparison) || verdict !== 'inconclusive' ? verdict : 'untested'];
  const column = shownColumnsOf(rows);
  return [
    ...(isShown ? [column(['', 'verdict'], verdictText, { align: 'left' })] : []),
    column(['before', scale.unit], (row) => time(row, 'before')),
    column(['after', scale.unit], (row) => time(row, 'after')),
    column(['change', scale.unit], (row) => changeCell(row, comparison, scale)),
    column(['', '%'], (row) => percentCell(row, comparison)),
    ...(rows.some(isEdited) ? [column(['', 'diff'], (row) => (isEdited(row) ? 'edited' : ''), { align: 'left' })] : []),
    ...evidenceColumns(rows, comparison, scale),
    column([counts, 'change'], ({ count }) => countChange(count.delta), {
      name: `change of ${counts}`,
      priority: counts === 'calls' ? 2 : 7,
    }),
    ...perCallColumn(rows, measure),
  ];
}

/** Without a verdict there is no change to speak of; with too few runs for any verdict, the difference is all there is. */
function changeCell(row: ComparedFunction, comparison: Comparison, scale: TimeScale): string {
  if (isTested(comparison) && !hasVerdict(row)) return row.verdict === 'untested' ? '' : '~';
  const { before, after, delta } = row[comparison.measure];
  return delta === null ? '?' : formatTimeDifference(before ?? 0, after ?? 0, scale);
}

function percentCell(row: ComparedFunction, comparison: Comparison): string {
  const { before, delta } = row[comparison.measure];
  if ((isTested(comparison) && !hasVerdict(row)) || before === null || before === 0) return '';
  return formatPercentChange(delta, before);
}

function evidenceColumns(rows: readonly ComparedFunction[], comparison: Comparison, scale: TimeScale): ReportColumn[] {
  if (!isTested(comparison) || !rows.some(hasVerdict)) return [];
  const column = shownColumnsOf(rows);
  const evidence = (text: (change: Change) => string) => (row: ComparedFunction) =>
    hasVerdict(row) ? text(row[comparison.measure]) : '';
  const interval = evidence((change) => intervalText(change, scale));
  return [
    column(['95% interval', scale.unit], interval, { name: 'interval', priority: 6 }),
    // What the verdict goes by: adjusted among the functions.
    column(
      ['', 'p'],
      evidence(({ adjustedP }) => formatPValue(adjustedP)),
      { priority: 4 },
    ),
  ];
}

/** `1.2 … 3.4`, on the scale of a column. */
export function intervalText({ low, high }: Change, scale: TimeScale): string {
  const end = (value: number) => formatTimeDifference(0, value, scale);
  return low === null || high === null ? '' : `${end(low)} … ${end(high)}`;
}

/** Where the number of calls changed, the time of one call says more than that of all. */
function perCallColumn(rows: readonly ComparedFunction[], measure: 'self' | 'total'): ReportColumn[] {
  const hasChanged = ({ count, status }: ComparedFunction) =>
    count.changed === true && status !== 'new' && status !== 'removed';
  if (!rows.some(hasChanged)) return [];
  const text = ({ count, ...row }: ComparedFunction) =>
    `${timePerCall(row[measure].before, count.before)} → ${timePerCall(row[measure].after, count.after)}`;
  const cell = (row: ComparedFunction) => (hasChanged(row) ? text(row) : '');
  return [shownColumnsOf(rows)(['time', 'per call'], cell, { name: 'time per call', priority: 5 })];
}

function timePerCall(time: number | null, calls: number | bigint | null): string {
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
  const notes = [...(hint === null ? [] : [hintText(row)]), ...callerText(row)];
  return notes.length === 0 ? moved : `${moved} (${notes.join(', ')})`;
}

function isEdited({ edited }: ComparedFunction): boolean {
  return edited === true;
}

/** Tells what an edited function calls from the cause. */
function callerText(row: ComparedFunction): string[] {
  const { editedCaller } = row;
  return editedCaller !== null && !isEdited(row) && hasVerdict(row) ? [`called by ${editedCaller}`] : [];
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

function lastLine(view: CompareView, showAll: string): string {
  const { rows, matched, unchanged, sort, reverse, comparison } = view;
  const more = rows.length < matched ? `; ${showAll} shows all` : '';
  const hidden = unchanged === 0 ? '' : `; ${formatCount(unchanged)} unchanged not shown`;
  const order = sort[0] === 'tottime' || sort[0] === 'cumtime' ? 'by evidence' : `by ${sort.join(', ')}`;
  const signs = new Set(rows.map(({ verdict }) => verdict));
  const legend = [
    ...(isTested(comparison) && signs.has('no-change') ? ['~ no significant change'] : []),
    ...(isTested(comparison) && signs.has('inconclusive') ? ['? one side only, not significant'] : []),
    ...(isTested(comparison) && signs.has('untested') ? ['no verdict: too little time to test'] : []),
    ...(isTested(comparison) ? [`times are means${basisText(comparison)}`] : []),
  ];
  const shown = `${shownOf(view)} ${matched === 1 ? 'function' : 'functions'} ${order}`;
  return [`${shown}${reverse ? ', reversed' : ''}${more}${hidden}`, ...legend].join('; ');
}

/** Where the total is of another time than the rows. */
function basisText({ basis, functionBasis }: Comparison): string {
  const isOther = basis === 'cpu' || basis === 'elapsed';
  return isOther ? ` of ${BASIS_NAMES[functionBasis]}` : '';
}

// ---- what programs read ------------------------------------------------------------------------------------------------

function programColumns({ rows, comparison }: CompareView): ReportColumn[] {
  const counts = comparison.counts === 'calls' ? 'ncalls' : 'samples';
  return dataColumns(rows, {
    verdict: ({ verdict }) => verdict,
    status: ({ status }) => status,
    ...(rows.some(({ edited }) => edited !== null) ? { edited: ({ edited }: ComparedFunction) => edited } : {}),
    moved_from: ({ movedFrom }) => movedFrom && cutDataUrl(movedFrom),
    name: ({ name }) => name,
    file: ({ file }) => file && cutDataUrl(file),
    line: (row) => row.line,
    column: (row) => row.column,
    ...changeColumns<ComparedFunction>('tottime', ({ self }) => self),
    ...changeColumns<ComparedFunction>('cumtime', ({ total }) => total),
    [`${counts}_before`]: ({ count }) => count.before,
    [`${counts}_after`]: ({ count }) => count.after,
    [`${counts}_changed`]: ({ count }) => count.changed,
  });
}

export function changeColumns<Row>(
  measure: string,
  changeOf: (row: Row) => Change,
): Record<string, (row: Row) => Value> {
  const times = ['before', 'after', 'delta', 'shift', 'low', 'high'] as const;
  return {
    ...Object.fromEntries(times.map((field) => [`${measure}_${field}_us`, (row: Row) => changeOf(row)[field]])),
    [`${measure}_ratio`]: (row) => changeOf(row).ratio,
    [`${measure}_p`]: (row) => changeOf(row).p,
    [`${measure}_adjusted_p`]: (row) => changeOf(row).adjustedP,
    [`${measure}_significant`]: (row) => changeOf(row).significant,
  };
}

// ---- JSON -----------------------------------------------------------------------------------------------------------

export function compareJson({ comparison, rows, matched, leftOut, skipped, gate, bisection }: CompareView): string {
  return jsonText({
    view: 'compare',
    head: {
      measure: comparison.measure === 'self' ? 'tottime' : 'cumtime',
      counts: comparison.counts,
      basis: comparison.basis,
      functionBasis: comparison.functionBasis,
      verdict: comparison.verdict,
      paired: comparison.isPaired,
      before: sideJson(comparison.before),
      after: sideJson(comparison.after),
      total: changeJson(comparison.total),
      otherTotals: Object.fromEntries(comparison.otherTotals.map(({ basis, change }) => [basis, changeJson(change)])),
      parts: comparison.parts,
      alike: comparison.alike,
      work: comparison.work,
      family: comparison.family,
      gate: gateJson(gate),
      ...(bisection === null ? {} : { bisect: bisection }),
    },
    rows: rows.map((row) => rowJson(row, comparison)),
    matched,
    notes: [
      ...leftOutNotes(leftOut),
      ...notesJson(skipped),
      ...comparison.notes.map((note) => ({ text: noteText(note), ...note })),
    ],
  });
}

function sideJson({ label, sources, runs, requests, isProcessKnown, totals }: ComparedSide) {
  return { label, sources, runs, requests, processKnown: isProcessKnown, totals };
}

function rowJson(row: ComparedFunction, { counts }: Comparison) {
  const { name, file, line, column, status, movedFrom, hint, verdict } = row;
  const counted = counts === 'calls' ? { ncalls: row.count } : { samples: row.count };
  return {
    name,
    file,
    line,
    column,
    status,
    movedFrom,
    hint: hint === null ? null : { kind: hint.kind, name: hint.name },
    verdict,
    ...(row.edited === null ? {} : { edited: row.edited, editedCaller: row.editedCaller }),
    tottime: changeJson(row.self),
    cumtime: changeJson(row.total),
    ...counted,
  };
}

export function changeJson({ before, after, delta, ratio, min, shift, low, high, p, adjustedP, significant }: Change) {
  return { before, after, delta, ratio, min, shift, low, high, p, adjustedP, significant };
}

/** `passed` is null where nothing was decided. */
export function gateJson(gate: Gate | null) {
  if (gate === null) return null;
  const { outcome, target, threshold, isStrict, failures, undecided, reason } = gate;
  const passed = outcome === 'undecided' ? null : outcome === 'passed';
  return { passed, outcome, target, threshold, strict: isStrict, failures, undecided, reason };
}
