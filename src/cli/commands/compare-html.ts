/** `compare --format html`: the picture of AFTER with the change of each function. */

import { addTo } from '../../base/maps.ts';
import type { Both } from '../../compare/both.ts';
import { rootsOf, rowsOfFunctions } from '../../compare/rows-of-functions.ts';
import { writeReport } from '../../formats/report/write-report.ts';
import { at } from '../../model/columns.ts';
import type { ComparedRow, ComparisonFacts, RequestsFacts } from '../../model/layout/page-facts.ts';
import { merge } from '../../model/merge.ts';
import type { Profile } from '../../model/profile.ts';
import { Stats } from '../../query/stats.ts';
import type { ReportLine } from '../../render/report.ts';
import { compareReport } from '../../render/views/compare.ts';
import { compareRoutesReport } from '../../render/views/compare-routes.ts';
import type { CompareRoutesView, CompareView } from '../../view/compare-view.ts';
import { pageView } from '../../view/page-view.ts';
import { type Arguments, statsOptionsFrom } from '../arguments.ts';
import { comparisonToTerminal, notInFormat } from '../errors.ts';
import type { Io } from '../io.ts';
import { GATE_OPTIONS } from '../options.ts';
import { readPageCode } from '../page-code.ts';
import { compareRead } from './compare-answer.ts';
import { argumentsText, lineText, tableColumns, wordsOf } from './report-facts.ts';
import { requestsIndex } from './report-index.ts';
import { requestFolder } from './report-load.ts';

/** Options of rows and gates. A page has all rows and no exit code: an option that did nothing would hide a failed gate. */
const ANSWER_OPTIONS = ['reverse', 'limit', 'filter', 'exclude', ...GATE_OPTIONS] as const;

/** Throws PstatError: `query` for options of rows. Several routes are an index, each of which opens. */
export async function compareHtml({ before, after }: Both<string>, args: Arguments, io: Io): Promise<string> {
  if (io.stdout.isTTY) throw comparisonToTerminal();
  const given = ANSWER_OPTIONS.find((name) => args[name] !== undefined);
  if (given !== undefined) throw notInFormat(given, 'html', 'which has every function and no exit code');
  const asked = { ...args, format: undefined, limit: '0' };
  const how = { io, known: null, keepsProfiles: true };
  const compared = await compareRead({ before, after }, asked, how);
  const { view, profiles } = compared;
  const profile = merge(profiles.after);
  const stats = new Stats(profile, statsOptionsFrom(args));
  const sides = [before, after];
  const reading = { ...args, time: stats.summary.isUndisturbed ? 'undisturbed' : undefined };
  const factsOf = (each: CompareView, of: Arguments) =>
    comparisonFacts(each, rowsOf(each, stats.profile, profiles.after), { sides, args: { ...args, ...of } });
  const folder =
    view.view === 'compare'
      ? null
      : await requestFolder(profile, profiles.after, { files: [after], broken: [], args: reading });
  const title = `${before} → ${after}`;
  const page = pageView(stats, {
    title,
    ...wordsOf(stats),
    arguments: argumentsText([after], reading),
    requests:
      view.view === 'compare' || folder === null
        ? null
        : routesIndex(view, requestsIndex(folder, [after], reading), {
            command: `pstat compare ${argumentsText(sides, args)}`,
            comparisonOf: (route) => factsOf(oneRoute(compared.viewOfRoute(route)), { route }),
          }),
    comparison: view.view === 'compare' ? factsOf(view, {}) : null,
  });
  const parts = folder?.parts ?? [];
  const content = { title, profile: stats.profile, parts, scripts: null, columns: new Map(), ...page };
  return writeReport(content, await readPageCode());
}

function oneRoute(view: CompareView | CompareRoutesView): CompareView {
  if (view.view === 'compare-routes') throw new RangeError('one route makes one pair of sides');
  return view;
}

/** The routes of both sides with their verdicts; each opens the picture of its side AFTER. */
function routesIndex(
  view: CompareRoutesView,
  index: RequestsFacts,
  { command, comparisonOf }: { readonly command: string; comparisonOf(route: string): ComparisonFacts },
): RequestsFacts {
  const report = compareRoutesReport(view);
  const isCompared = new Set(view.rows.map(({ route }) => route));
  return {
    ...index,
    heading: `${report.heading.slice(0, 1).map(lineText).join('')}: ${command}. Pictures and requests are those of AFTER.`,
    columns: tableColumns(report),
    lines: report.notes.map(lineText),
    linesTitle: 'Notes',
    rows: view.rows.map(({ route }) => ({ name: route, route: index.routes.findIndex(({ name }) => name === route) })),
    routes: index.routes.map((route) => ({
      ...route,
      comparison: isCompared.has(route.name) ? comparisonOf(route.name) : null,
    })),
  };
}

/** Row of the comparison -> the functions of the profile that it is. */
function rowsOf({ comparison }: CompareView, { functions }: Profile, runs: readonly Profile[]) {
  const functionsOf = new Map<unknown, number[]>();
  rowsOfFunctions(comparison, functions, rootsOf(runs)).forEach((row, fn) => {
    const compared = comparison.rows[row];
    if (compared !== undefined) addTo(functionsOf, compared, fn);
  });
  return functionsOf;
}

function comparisonFacts(
  view: CompareView,
  functionsOf: ReadonlyMap<unknown, readonly number[]>,
  { sides, args }: { readonly sides: readonly string[]; readonly args: Arguments },
): ComparisonFacts {
  const report = compareReport(view);
  const rows = view.rows.map((row, i): ComparedRow => {
    const { name, place } = nameOf(at(report.lines, i));
    const { verdict } = row;
    const shown = verdict === 'slower' || verdict === 'faster' ? verdict : 'same';
    return { name, place, functions: functionsOf.get(row) ?? [], verdict: shown };
  });
  return {
    heading: report.heading.map((line) => ({ text: lineText(line), tone: toneOf(line) })),
    notes: report.notes.map(lineText),
    columns: tableColumns(report),
    rows,
    command: `pstat compare ${argumentsText(sides, args)}`,
  };
}

function nameOf(line: string | { readonly name: string; readonly place: string | null }) {
  return typeof line === 'string' ? { name: line, place: '' } : { name: line.name, place: line.place ?? '' };
}

function toneOf({ tone }: ReportLine): ComparisonFacts['heading'][number]['tone'] {
  return tone === 'worse' || tone === 'better' ? tone : 'plain';
}
