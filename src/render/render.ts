/** Writes a view in a format. The default, functions as a table, is loaded with the command; all others on demand. */

import type { CompareRoutesView, CompareView } from '../view/compare-view.ts';
import type { FlameView } from '../view/flame-view.ts';
import type { ListView } from '../view/list-view.ts';
import type { ProcessesView } from '../view/processes-view.ts';
import type { PstatsView } from '../view/pstats-view.ts';
import type { RequestsTailView } from '../view/requests-tail-view.ts';
import type { RequestsView } from '../view/requests-view.ts';
import type { TreeView } from '../view/tree-view.ts';
import type { View } from '../view/views.ts';
import { noteLines } from './profile-notes.ts';
import type { Report, ReportExitCode } from './report.ts';
import { reportTable, type TableOptions } from './table/table.ts';
import { functionsJson, functionsReport } from './views/functions.ts';

/** Whatever a command answers with. */
export type AnyView =
  | View
  | ListView
  | TreeView
  | FlameView
  | CompareView
  | CompareRoutesView
  | RequestsView
  | RequestsTailView
  | ProcessesView
  | PstatsView;

export const OUTPUT_FORMATS = ['table', 'json', 'csv', 'markdown', 'pstats'] as const;

export type OutputFormat = (typeof OUTPUT_FORMATS)[number];

/** Whether the format is for people (20 rows by default) and not for programs (all rows). */
export function isForPeople(format: OutputFormat): boolean {
  return format === 'table' || format === 'markdown';
}

/** The answer for stdout, and for stderr what the format cannot hold. */
export interface Rendered {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: ReportExitCode;
}

export interface RenderOptions extends TableOptions {
  /**
   * Whether the output is a terminal; control characters are escaped then.
   * @default false
   */
  readonly terminal?: boolean;
}

/** Writes a view. `pstats` is a view of its own: the command line rejects that format for others before it answers. */
export async function render(view: AnyView, format: OutputFormat, options: RenderOptions): Promise<Rendered> {
  if (view.view === 'flame') return renderFlame(view, options);
  if (view.view === 'pstats') return renderPstatsView(view, options);
  const writer = await (VIEWS[view.view] as () => Promise<ViewWriter<ReportView>>)();
  const report = writer.report(view, options.showAll);
  const stdout = format === 'json' ? writer.json(view) : await WRITERS[format](report, options);
  const stderr = format === 'csv' ? (await import('./csv.ts')).reportAside(report) : '';
  return { stdout, stderr, exitCode: report.exitCode };
}

type ReportView = Exclude<AnyView, PstatsView | FlameView>;

/** @param showAll what to write to see all rows */
interface ViewWriter<V> {
  readonly report: (view: V, showAll?: string) => Report;
  readonly json: (view: V) => string;
}

const writeFunctions = async () => ({ report: functionsReport, json: functionsJson });

/** One row for each kind of view. */
const VIEWS: { readonly [V in ReportView as V['view']]: () => Promise<ViewWriter<V>> } = {
  functions: writeFunctions,
  callers: writeFunctions,
  callees: writeFunctions,
  list: () => import('./views/list.ts').then((to) => ({ report: to.listReport, json: to.listJson })),
  tree: () => import('./views/tree.ts').then((to) => ({ report: to.treeReport, json: to.treeJson })),
  compare: () => import('./views/compare.ts').then((to) => ({ report: to.compareReport, json: to.compareJson })),
  'compare-routes': () =>
    import('./views/compare-routes.ts').then((to) => ({ report: to.compareRoutesReport, json: to.compareRoutesJson })),
  requests: () => import('./views/requests.ts').then((to) => ({ report: to.requestsReport, json: to.requestsJson })),
  'requests-tail': () =>
    import('./views/requests-tail.ts').then((to) => ({ report: to.requestsTailReport, json: to.requestsTailJson })),
  processes: () =>
    import('./views/processes.ts').then((to) => ({ report: to.processesReport, json: to.processesJson })),
};

type Writer = (report: Report, options: TableOptions) => Promise<string>;

const WRITERS: Readonly<Record<Exclude<OutputFormat, 'json'>, Writer>> = {
  table: async (report, options) => reportTable(report, options),
  markdown: async (report) => (await import('./markdown.ts')).reportMarkdown(report),
  csv: async (report) => (await import('./csv.ts')).reportCsv(report),
  pstats: async (report, options) => reportTable(report, options),
};

/** A picture has no other format: the command line rejects them before it answers. */
async function renderFlame(view: FlameView, options: RenderOptions): Promise<Rendered> {
  const { flameText } = await import('./views/flame.ts');
  const { frame, picture } = flameText(view, options.columns, options.theme);
  return { stdout: reportTable(frame, options, picture), stderr: '', exitCode: frame.exitCode };
}

/** pstats' own lines. Restrictions that leave nothing of a profile match nothing. */
async function renderPstatsView(view: PstatsView, options: RenderOptions): Promise<Rendered> {
  const { renderPstats } = await import('./views/pstats.ts');
  const exitCode = view.matched === 0 && view.of > 0 ? 1 : 0;
  return { stdout: renderPstats(view, options), stderr: noteLines(view.notes), exitCode };
}
