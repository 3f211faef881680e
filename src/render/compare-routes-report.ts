/** A comparison of several routes → Report. */

import { plural } from '../base/text.ts';
import { probability, scaledTime, signedPercent, timeScale, writtenDifference } from '../base/units.ts';
import type { ComparedRoute, RoutesComparison } from '../compare/compare-routes.ts';
import type { Change } from '../compare/comparison.ts';
import { gateExitCode } from '../compare/gate.ts';
import { MIN_RUNS } from '../compare/test-total.ts';
import type { CompareRoutesView } from '../view/compare-view.ts';
import { BASIS_NAMES, gateLines, verdictTone } from './compare-text.ts';
import { dataColumn, line, type Report, type ReportColumn, type ReportLine, shownColumn } from './report.ts';

export function compareRoutesReport({ comparison, names, gate }: CompareRoutesView): Report {
  const { routes, verdict } = comparison;
  const sorted = routes.toSorted(
    (a, b) => rankOf(a) - rankOf(b) || sizeOf(b) - sizeOf(a) || (a.route < b.route ? -1 : 1),
  );
  return {
    heading: [
      line(verdictText(comparison), verdictTone(verdict)),
      ...gateLines(gate),
      line(`before  ${names.before}`, 'quiet'),
      line(`after   ${names.after}`, 'quiet'),
    ],
    columns: [...shownColumns(sorted), ...dataColumns(sorted)],
    hasVerdict: true,
    lines: sorted.map((route) => ({
      name: route.route,
      place: '',
      file: null,
      style: isCalled(route) ? 'strong' : 'plain',
      tone: isCalled(route) ? verdictTone(route.verdict) : 'plain',
      relation: null,
    })),
    names: { name: 'route', place: null, room: 30 },
    emptyMessage: 'No route is on both sides.',
    notes: notes(comparison),
    closing: [
      line(`${plural(routes.length, 'route')} of both sides, medians; --route ROUTE compares its functions`, 'quiet'),
    ],
    exitCode: gate === null ? 0 : gateExitCode(gate),
  };
}

function isCalled({ verdict }: ComparedRoute): boolean {
  return verdict === 'slower' || verdict === 'faster';
}

function rankOf(route: ComparedRoute): number {
  return isCalled(route) ? 0 : 1;
}

function sizeOf({ total }: ComparedRoute): number {
  return Math.abs(total.delta ?? 0);
}

function verdictText({ routes, verdict, basis }: RoutesComparison): string {
  const count = (wanted: ComparedRoute['verdict']) => routes.filter((route) => route.verdict === wanted).length;
  const parts = [
    ...(count('slower') > 0 ? [`${plural(count('slower'), 'route')} slower`] : []),
    ...(count('faster') > 0 ? [`${plural(count('faster'), 'route')} faster`] : []),
    ...(count('no-change') > 0 ? [`${count('no-change')} without significant change`] : []),
    ...(count('inconclusive') > 0 ? [`${count('inconclusive')} inconclusive`] : []),
  ];
  const first = verdict === 'inconclusive' ? 'inconclusive: too few processes of every route' : parts.join(', ');
  const isKnown = routes.every(({ isProcessKnown }) => isProcessKnown);
  return `${first} (${BASIS_NAMES[basis]})${isKnown ? '' : ', if each request was a process of its own'}`;
}

function notes({ routes, unmatched }: RoutesComparison): ReportLine[] {
  const few = routes.filter(({ verdict }) => verdict === 'inconclusive').length;
  const alone = unmatched.before.length + unmatched.after.length;
  return [
    ...(few === 0
      ? []
      : [
          line(
            `note: ${plural(few, 'route')} of fewer than ${MIN_RUNS} processes a side: requests of one process are one run; restart the server ${MIN_RUNS} times or more for each side`,
          ),
        ]),
    ...(alone === 0
      ? []
      : [
          line(
            `note: ${plural(unmatched.before.length, 'route')} only before, ${unmatched.after.length} only after: ${listed([...unmatched.before, ...unmatched.after])}`,
          ),
        ]),
  ];
}

function listed(routes: readonly string[]): string {
  return `${routes.slice(0, 3).join(', ')}${routes.length > 3 ? ` and ${routes.length - 3} more` : ''}`;
}

const VERDICTS = { slower: 'slower', faster: 'faster', 'no-change': '~', inconclusive: '?' } as const;

function shownColumns(routes: readonly ComparedRoute[]): ReportColumn[] {
  const totals = routes.map(({ total }) => total);
  const scale = timeScale(totals.flatMap(({ before, after }) => [before, after]));
  const change = ({ verdict, total }: ComparedRoute) =>
    verdict === 'no-change' ? '~' : writtenDifference(total.before ?? 0, total.after ?? 0, scale);
  const share = ({ verdict, total }: ComparedRoute) =>
    verdict === 'no-change' || total.before === null || total.before === 0
      ? ''
      : signedPercent(total.delta, total.before);
  const pair = (values: { readonly before: number; readonly after: number }) => `${values.before} v ${values.after}`;
  const called = (route: ComparedRoute, text: (total: Change) => string) => (isCalled(route) ? text(route.total) : '');
  const end = (value: number | null) => writtenDifference(0, value ?? 0, scale);
  const texts = (cell: (route: ComparedRoute) => string) => routes.map(cell);
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
      texts: totals.map(({ before }) => scaledTime(before, scale)),
    }),
    shownColumn({
      title: ['after', scale.unit],
      name: 'after',
      priority: 'essential',
      texts: totals.map(({ after }) => scaledTime(after, scale)),
    }),
    shownColumn({ title: ['change', scale.unit], name: 'change', priority: 'second', texts: texts(change) }),
    shownColumn({ title: ['', '%'], name: '%', priority: 1, texts: texts(share) }),
    shownColumn({
      title: ['95% interval', scale.unit],
      name: 'interval',
      priority: 5,
      texts: texts((route) => called(route, ({ low, high }) => `${end(low)} … ${end(high)}`)),
    }),
    shownColumn({
      title: ['', 'p'],
      name: 'p',
      priority: 2,
      texts: texts((route) => called(route, ({ p }) => probability(p))),
    }),
    shownColumn({
      title: ['', 'requests'],
      name: 'requests',
      priority: 4,
      texts: texts(({ requests }) => pair(requests)),
    }),
    shownColumn({
      title: ['', 'processes'],
      name: 'processes',
      priority: 3,
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
    column('total_adjustedP', ({ total }) => total.adjustedP),
    column('total_significant', ({ total }) => total.significant),
  ];
}
