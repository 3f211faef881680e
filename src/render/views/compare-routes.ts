/** A comparison of several routes. */

import { listFirst, pluralize } from '../../base/text.ts';
import { formatPercentChange, formatPValue, formatTime, formatTimeDifference, timeScale } from '../../base/units.ts';
import type { Both } from '../../compare/both.ts';
import type { ComparedRoute, RoutesComparison } from '../../compare/compare-routes.ts';
import type { Change } from '../../compare/comparison.ts';
import { gateExitCode } from '../../compare/gate.ts';
import { MIN_RUNS } from '../../compare/test-total.ts';
import type { CompareRoutesView } from '../../view/compare-view.ts';
import { type JsonNote, jsonText } from '../json.ts';
import { notesJson } from '../profile-notes.ts';
import { dataColumns, line, noteLine, type Report, type ReportColumn, shownColumnsOf } from '../report.ts';
import { changeColumns, changeJson, gateJson, intervalText } from './compare.ts';
import { BASIS_NAMES, gateLines, leftOutNotes, verdictTone } from './compare-text.ts';
import { SHOW_ALL } from './functions.ts';

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
    columns: [...peopleColumns(rows), ...programColumns(rows)],
    hasVerdict: true,
    lines: rows.map((route) => ({
      name: route.route,
      place: '',
      file: null,
      style: hasVerdict(route) ? 'strong' : 'plain',
      tone: hasVerdict(route) ? verdictTone(route.verdict) : 'plain',
    })),
    names: { name: 'route', place: null, room: 30 },
    emptyMessage: view.filtered ? 'No route of both sides matches.' : 'No route is on both sides.',
    notes: [...leftOutNotes(view.leftOut), ...notesJson(view.skipped), ...routeNotes(comparison)].map(({ text }) =>
      noteLine(text),
    ),
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

const VERDICT_WORDS = [
  ['slower', 'slower'],
  ['faster', 'faster'],
  ['no-change', 'without significant change'],
  ['inconclusive', 'inconclusive'],
] as const;

/** `2 routes slower, 1 faster (busy time of requests)` */
function verdictText({ routes, verdict, basis }: RoutesComparison): string {
  if (routes.length === 0) return 'nothing to compare';
  const counts = VERDICT_WORDS.flatMap(([wanted, words]) => {
    const count = routes.filter((route) => route.verdict === wanted).length;
    return count === 0 ? [] : [{ count, words }];
  });
  const parts = counts.map(({ count, words }, i) => `${i === 0 ? pluralize(count, 'route') : count} ${words}`);
  const first = verdict === 'inconclusive' ? 'inconclusive: too few processes of every route' : parts.join(', ');
  const isKnown = routes.every(({ isProcessKnown }) => isProcessKnown);
  return `${first} (${BASIS_NAMES[basis]})${isKnown ? '' : ', if each request was a process of its own'}`;
}

/** Notes about the routes. */
function routeNotes({ routes, unmatched }: RoutesComparison): JsonNote[] {
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

function peopleColumns(routes: readonly ComparedRoute[]): ReportColumn[] {
  const scale = timeScale(routes.flatMap(({ total }) => [total.before, total.after]));
  const change = ({ verdict, total }: ComparedRoute) =>
    verdict === 'no-change' ? '~' : formatTimeDifference(total.before ?? 0, total.after ?? 0, scale);
  const share = ({ verdict, total }: ComparedRoute) =>
    verdict === 'no-change' || total.before === null || total.before === 0
      ? ''
      : formatPercentChange(total.delta, total.before);
  const pair = (values: Both<number>) => `${values.before} v ${values.after}`;
  const ofVerdict = (text: (total: Change) => string) => (route: ComparedRoute) =>
    hasVerdict(route) ? text(route.total) : '';
  const interval = ofVerdict((total) => intervalText(total, scale));
  // What the verdict goes by: adjusted among the routes.
  const p = ofVerdict(({ adjustedP }) => formatPValue(adjustedP));
  const column = shownColumnsOf(routes);
  return [
    column(['', 'verdict'], ({ verdict }) => VERDICTS[verdict], { align: 'left' }),
    column(['before', scale.unit], ({ total }) => formatTime(total.before, scale)),
    column(['after', scale.unit], ({ total }) => formatTime(total.after, scale)),
    column(['change', scale.unit], change),
    column(['', '%'], share),
    ...(routes.some(hasVerdict)
      ? [
          column(['95% interval', scale.unit], interval, { name: 'interval', priority: 6 }),
          column(['', 'p'], p, { priority: 5 }),
        ]
      : []),
    column(['', 'requests'], ({ requests }) => pair(requests), { priority: 4 }),
    column(['', 'processes'], ({ processes }) => pair(processes), { priority: 2 }),
  ];
}

function programColumns(routes: readonly ComparedRoute[]): ReportColumn[] {
  const { total_ratio: _, ...total } = changeColumns<ComparedRoute>('total', (route) => route.total);
  return dataColumns(routes, {
    route: ({ route }) => route,
    verdict: ({ verdict }) => verdict,
    requests_before: ({ requests }) => requests.before,
    requests_after: ({ requests }) => requests.after,
    processes_before: ({ processes }) => processes.before,
    processes_after: ({ processes }) => processes.after,
    ...total,
  });
}

// ---- JSON -----------------------------------------------------------------------------------------------------------

export function compareRoutesJson({
  comparison,
  names,
  rows,
  matched,
  leftOut,
  skipped,
  gate,
}: CompareRoutesView): string {
  const { basis, verdict, unmatched } = comparison;
  return jsonText({
    view: 'compare-routes',
    head: { basis, verdict, before: names.before, after: names.after, gate: gateJson(gate), unmatched },
    rowsKey: 'routes',
    rows: rows.map(({ route, requests, processes, isProcessKnown, total, ...row }) => ({
      route,
      requests,
      processes,
      processKnown: isProcessKnown,
      verdict: row.verdict,
      total: changeJson(total),
    })),
    matched,
    notes: [...leftOutNotes(leftOut), ...notesJson(skipped), ...routeNotes(comparison)],
  });
}
