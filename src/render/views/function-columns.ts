/** Which columns a table has, what stands in their cells, and which go first when the terminal is narrow. */

import { areFew, MIN_SAMPLES } from '../../base/few-samples.ts';
import {
  amountScalePair,
  formatCount,
  formatPercent,
  formatTime,
  medianScale,
  type TimeScale,
} from '../../base/units.ts';
import { isGrouped, type View, type ViewRow } from '../../view/views.ts';
import type { Priority } from '../table/layout.ts';
import type { Tone } from '../theme.ts';

/** A column of numbers. */
export interface Column {
  /** Two lines: the word, and its unit. */
  readonly title: readonly [string, string];
  /** As a sentence names it when it is left out. */
  readonly name: string;
  /** Whether, and in what order, it may be left out where room is short. */
  readonly priority: Priority;
  readonly cell: (row: ViewRow, outer: ViewRow | null) => string;
  /** What the cell means, for its color. */
  readonly tone?: (row: ViewRow) => Tone | null;
}

/** In the last line, where `~` is shown. */
export const NOISE_NOTE = `~ rests on under ${MIN_SAMPLES} samples and may be noise`;

/** Whether a row of a sampled profile rests on too few samples to mean anything. */
export function isNoise(row: ViewRow, view: View): boolean {
  const evidence = evidenceOf(row, view);
  return areFew(evidence) && Number(evidence) > 0;
}

/** The columns for a view, left to right. */
export function columnsFor(view: View): readonly Column[] {
  const scales = scalesOf(view);
  const isRelation = view.view !== 'functions';
  const columns =
    view.profile.counts === 'samples'
      ? sampledColumns(view, scales, isRelation)
      : tracedColumns(view, scales, isRelation);
  if (!isGrouped(view.by)) return columns;
  const known = columns.filter(({ name }) => isKnownOfGroups(name, view));
  return view.by === 'line' ? known : [...known, sizeColumn()];
}

/** Groups have no callers; in edges profiles their cumtime is unknown, and that of lines is in all. */
function isKnownOfGroups(name: string, { profile, by }: View): boolean {
  return !/percall/.test(name) && ((profile.stacks && by !== 'line') || !/cumtime/.test(name));
}

/** With `--by`: the number of functions in the row's group. */
function sizeColumn(): Column {
  return {
    title: ['', 'functions'],
    name: 'functions',
    priority: 3,
    cell: (row) => formatCount(row.functions ?? null),
  };
}

function sampledColumns(view: View, scales: Scales, isRelation: boolean): Column[] {
  const error = errorColumn(view);
  const byTotal = restsOnTotal(view);
  return [
    timeColumn('tottime', view, scales.tottime),
    ...(isRelation ? [] : [shareColumn('tottime', view)]),
    ...(byTotal ? [] : [error]),
    timeColumn('cumtime', view, scales.cumtime),
    shareColumn('cumtime', view),
    ...(byTotal ? [error] : []),
    ...(isRelation ? [partColumn()] : []),
    sampleColumn(isRelation && !view.profile.stacks ? 'cumsamples' : 'samples'),
  ];
}

function sampleColumn(word: 'samples' | 'cumsamples'): Column {
  return { title: ['', word], name: word, priority: 4, cell: (row) => formatCount(row[word] ?? null) };
}

function tracedColumns(view: View, scales: Scales, isRelation: boolean): Column[] {
  return [
    { title: ['', 'ncalls'], name: 'ncalls', priority: 'essential', cell: calls },
    timeColumn('tottime', view, scales.tottime),
    ...(isRelation ? [] : [shareColumn('tottime', view)]),
    perCallColumn('percall', scales.percall),
    timeColumn('cumtime', view, scales.cumtime),
    shareColumn('cumtime', view),
    ...(isRelation ? [partColumn()] : [perCallColumn('cumpercall', scales.percall)]),
  ];
}

interface Scales {
  readonly tottime: TimeScale;
  readonly cumtime: TimeScale;
  readonly percall: TimeScale;
}

function scalesOf(view: View): Scales {
  const rows = allRows(view);
  const [tottime, cumtime] = amountScalePair(
    rows.map((row) => row.tottime),
    rows.map((row) => row.cumtime),
    view.profile.unit,
  );
  return { tottime, cumtime, percall: medianScale(rows.map((row) => row.percall ?? 0)) };
}

export function allRows(view: View): readonly ViewRow[] {
  return view.view === 'functions' ? view.rows : view.rows.flatMap((row) => [row, ...row.edges]);
}

function timeColumn(word: 'tottime' | 'cumtime', view: View, scale: TimeScale): Column {
  const priority = restsOnTotal(view) === (word === 'cumtime') ? 'essential' : 'second';
  const cell = (row: ViewRow) => `${row.estimated === true ? '~' : ''}${formatTime(row[word], scale)}`;
  const tone = (row: ViewRow) => (word === 'tottime' && !isNoise(row, view) ? heatOf(row, view) : null);
  return { title: [word, scale.unit], name: word, priority, cell, tone };
}

/** Shares of all time from which a tottime is hot, and warm. */
const HOT = 0.1;
const WARM = 0.03;

function heatOf({ tottime }: ViewRow, { profile }: View): Tone | null {
  const share = (tottime ?? 0) / (profile.shareOf ?? Number.POSITIVE_INFINITY);
  if (share >= HOT) return 'hot';
  return share >= WARM ? 'warm' : null;
}

function perCallColumn(name: 'percall' | 'cumpercall', scale: TimeScale): Column {
  const cell = (row: ViewRow) => formatTime(row[name] ?? null, scale);
  return { title: [name, scale.unit], name, priority: name === 'percall' ? 3 : 4, cell };
}

function shareColumn(word: 'tottime' | 'cumtime', view: View): Column {
  const cell = (row: ViewRow) => formatPercent(row[word], view.profile.shareOf);
  return {
    title: ['', '%'],
    name: `% of ${word}`,
    priority: view.view === 'functions' && restsOnTotal(view) === (word === 'cumtime') ? 1 : 2,
    cell,
  };
}

/** Of the outer row's cumtime, how much the inner row accounts for. */
function partColumn(): Column {
  const cell = (row: ViewRow, outer: ViewRow | null) =>
    outer === null ? '' : formatPercent(row.cumtime, outer.cumtime);
  return { title: ['% of', 'it'], name: '% of it', priority: 'essential', cell };
}

/** The sampling error of the time that the view is about. */
function errorColumn(view: View): Column {
  const cell = (row: ViewRow) => {
    const error = restsOnTotal(view) ? row.cumtimeError : row.tottimeError;
    return formatError(error ?? null, isNoise(row, view));
  };
  return { title: ['', '±% '], name: '±%', priority: 'essential', cell };
}

/** A sampling error in percent: `4 `, `30~`. */
export function formatError(error: number | null, noise: boolean): string {
  return error === null ? '- ' : `${Math.max(1, Math.round(100 * error))}${noise ? '~' : ' '}`;
}

/** The samples behind the time that a view is about. */
function evidenceOf(row: ViewRow, view: View): number | null {
  const samples = restsOnTotal(view) ? row.cumsamples : row.samples;
  return samples === undefined || samples === null ? null : Number(samples);
}

/** Sorted by cumtime, or a view of edges, unless it was sorted by tottime: then cumtime is what is read. */
export function restsOnTotal(view: View): boolean {
  const [first] = view.sort;
  return first === 'cumtime' || first === 'cumsamples' || view.view !== 'functions';
}

/** All calls, and primitive ones where they differ: `10/4`, as in pstats. */
function calls(row: ViewRow): string {
  const all = formatCount(row.ncalls ?? null);
  return row.pcalls === null || row.pcalls === row.ncalls ? all : `${all}/${formatCount(row.pcalls ?? null)}`;
}
