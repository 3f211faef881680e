/** A comparison of several routes → Report. */

import { listFirst, pluralize } from '../base/text.ts';
import { formatPercentChange, formatPValue, formatTime, formatTimeDifference, timeScale } from '../base/units.ts';
import type { ComparedRoute, RoutesComparison } from '../compare/compare-routes.ts';
import type { Change } from '../compare/comparison.ts';
import { gateExitCode } from '../compare/gate.ts';
import { MIN_RUNS } from '../compare/test-total.ts';
import type { CompareRoutesView } from '../view/compare-view.ts';
import { BASIS_NAMES, gateLines, leftOutNotes, verdictTone } from './compare-text.ts';
import { SHOW_ALL } from './functions-report.ts';
import type { JsonNote } from './json.ts';
import { dataColumn, line, noteLine, type Report, type ReportColumn, shownColumn } from './report.ts';

/** @param showAll what to write to see all rows */
export function compareRoutesReport(view: CompareRoutesView, showAll = SHOW_ALL): Report {
  const { comparison, names, rows, gate } = view;
  return {
    heading: [
      line(verdictText(comparison), verdictTone(comparison.verdict)),
      ...gateLines(gate),
      line(`before  ${names.before}`, 'quiet'),
      line(`after   ${names.after}`, 'quiet'),
    ],
    columns: [...shownColumns(rows), ...dataColumns(rows)],
    hasVerdict: true,
    lines: rows.map((route) => ({
      name: route.route,
      place: '',
      file: null,
      style: hasVerdict(route) ? 'strong' : 'plain',
      tone: hasVerdict(route) ? verdictTone(route.verdict) : 'plain',
      relation: null,
    })),
    names: { name: 'route', place: null, room: 30 },
    emptyMessage: view.filtered ? 'No route of both sides matches.' : 'No route is on both sides.',
    notes: [...leftOutNotes(view.leftOut), ...routeNotes(comparison)].map(({ text }) => noteLine(text)),
    closing: [line(closingText(view, showAll), 'quiet')],
    exitCode: gate !== null ? gateExitCode(gate) : view.matched === 0 ? 1 : 0,
  };
}

function closingText({ rows, matched, ranInTurn }: CompareRoutesView, showAll: string): string {
  const shown = rows.length < matched ? `${rows.length} of ` : '';
  const more = rows.length < matched ? `; ${showAll} shows all` : '';
  const next = showAll === SHOW_ALL ? `; --${ranInTurn ? 'requests' : 'route'} ROUTE compares its functions` : '';
  return `${shown}${pluralize(matched, 'route')} of both sides, medians${more}${next}`;
}

function hasVerdict({ verdict }: ComparedRoute): boolean {
  return verdict === 'slower' || verdict === 'faster';
}

function verdictText({ routes, verdict, basis }: RoutesComparison): string {
  const count = (wanted: ComparedRoute['verdict']) => routes.filter((route) => route.verdict === wanted).length;
  const parts = [
    ...(count('slower') > 0 ? [`${pluralize(count('slower'), 'route')} slower`] : []),
    ...(count('faster') > 0 ? [`${pluralize(count('faster'), 'route')} faster`] : []),
    ...(count('no-change') > 0 ? [`${count('no-change')} without significant change`] : []),
    ...(count('inconclusive') > 0 ? [`${count('inconclusive')} inconclusive`] : []),
  ];
  const first = verdict === 'inconclusive' ? 'inconclusive: too few processes of every route' : parts.join(', ');
  const isKnown = routes.every(({ isProcessKnown }) => isProcessKnown);
  return `${first} (${BASIS_NAMES[basis]})${isKnown ? '' : ', if each request was a process of its own'}`;
}

/** Notes about the routes. */
export function routeNotes({ routes, unmatched }: RoutesComparison): JsonNote[] {
  const few = routes.filter(({ verdict }) => verdict === 'inconclusive').length;
  const advice = `requests of one process are one run; restart the server ${MIN_RUNS} times or more for each side, as pstat ab --requests does`;
  return [
    ...(few === 0
      ? []
      : [
          {
            code: 'few-processes',
            text: `${pluralize(few, 'route')} of fewer than ${MIN_RUNS} processes a side: ${advice}`,
            count: few,
          },
        ]),
    ...onlyOn('before', unmatched.before),
    ...onlyOn('after', unmatched.after),
  ];
}

function onlyOn(side: 'before' | 'after', routes: readonly string[]): JsonNote[] {
  if (routes.length === 0) return [];
  return [
    {
      code: `only-${side}`,
      text: `${pluralize(routes.length, 'route')} only ${side}: ${listFirst(routes, 3)}`,
      routes,
    },
  ];
}

const VERDICTS = { slower: 'slower', faster: 'faster', 'no-change': '~', inconclusive: '?' } as const;

function shownColumns(routes: readonly ComparedRoute[]): ReportColumn[] {
  const totals = routes.map(({ total }) => total);
  const scale = timeScale(totals.flatMap(({ before, after }) => [before, after]));
  const change = ({ verdict, total }: ComparedRoute) =>
    verdict === 'no-change' ? '~' : formatTimeDifference(total.before ?? 0, total.after ?? 0, scale);
  const share = ({ verdict, total }: ComparedRoute) =>
    verdict === 'no-change' || total.before === null || total.before === 0
      ? ''
      : formatPercentChange(total.delta, total.before);
  const pair = (values: { readonly before: number; readonly after: number }) => `${values.before} v ${values.after}`;
  const called = (route: ComparedRoute, text: (total: Change) => string) =>
    hasVerdict(route) ? text(route.total) : '';
  const end = (value: number | null) => formatTimeDifference(0, value ?? 0, scale);
  const texts = (cell: (route: ComparedRoute) => string) => routes.map(cell);
  const interval = shownColumn({
    title: ['95% interval', scale.unit],
    name: 'interval',
    priority: 6,
    texts: texts((route) => called(route, ({ low, high }) => `${end(low)} … ${end(high)}`)),
  });
  // What the verdict goes by: adjusted among the routes.
  const p = shownColumn({
    title: ['', 'p'],
    name: 'p',
    priority: 5,
    texts: texts((route) => called(route, ({ adjustedP }) => formatPValue(adjustedP))),
  });
  return [
    shownColumn({
      title: ['', 'verdict'],
      name: 'verdict',
      priority: 'essential',
      align: 'left',
      texts: texts(({ verdict }) => VERDICTS[verdict]),
    }),
    shownColumn({
      title: ['before', scale.unit],
      name: 'before',
      priority: 'essential',
      texts: totals.map(({ before }) => formatTime(before, scale)),
    }),
    shownColumn({
      title: ['after', scale.unit],
      name: 'after',
      priority: 'essential',
      texts: totals.map(({ after }) => formatTime(after, scale)),
    }),
    shownColumn({ title: ['change', scale.unit], name: 'change', priority: 'essential', texts: texts(change) }),
    shownColumn({ title: ['', '%'], name: '%', priority: 'essential', texts: texts(share) }),
    ...(routes.some(hasVerdict) ? [interval, p] : []),
    shownColumn({
      title: ['', 'requests'],
      name: 'requests',
      priority: 4,
      texts: texts(({ requests }) => pair(requests)),
    }),
    shownColumn({
      title: ['', 'processes'],
      name: 'processes',
      priority: 2,
      texts: texts(({ processes }) => pair(processes)),
    }),
  ];
}

function dataColumns(routes: readonly ComparedRoute[]): ReportColumn[] {
  const column = (key: string, value: (route: ComparedRoute) => string | number | boolean | null) =>
    dataColumn(key, routes.map(value));
  const times = ['before', 'after', 'delta', 'shift', 'low', 'high'] as const;
  return [
    column('route', ({ route }) => route),
    column('verdict', ({ verdict }) => verdict),
    column('requests_before', ({ requests }) => requests.before),
    column('requests_after', ({ requests }) => requests.after),
    column('processes_before', ({ processes }) => processes.before),
    column('processes_after', ({ processes }) => processes.after),
    ...times.map((field) => column(`total_${field}_us`, ({ total }) => total[field])),
    column('total_p', ({ total }) => total.p),
    column('total_adjusted_p', ({ total }) => total.adjustedP),
    column('total_significant', ({ total }) => total.significant),
  ];
}
