/** The answer of `report`. */

import { shellWord } from '../../base/shell-word.ts';
import { escapeControls, pluralize } from '../../base/text.ts';
import { formatBytes } from '../../base/units.ts';
import { writeReport } from '../../formats/report/write-report.ts';
import type { RequestsFacts } from '../../model/layout/page-facts.ts';
import type { Stats } from '../../query/stats.ts';
import { formatNote } from '../../render/note-words.ts';
import { profileHeading } from '../../render/profile-heading.ts';
import { noteLines } from '../../render/profile-notes.ts';
import type { ReportLine } from '../../render/report.ts';
import { requestsReport } from '../../render/requests-report.ts';
import { pageView } from '../../view/page-view.ts';
import { requestsFacts } from '../../view/requests-page-view.ts';
import { badOption, nothingToReport, reportToTerminal } from '../errors.ts';
import type { Io } from '../io.ts';
import { type Arguments, last, outputFormat, routeNamerFrom, statsOptionsFrom } from '../options.ts';
import { readPageCode } from '../page-code.ts';
import { writeFileWhole } from '../write-file.ts';
import { filesOrStdin, loadStats } from './queries-answer.ts';
import { loadReported, type RequestFolder } from './report-load.ts';
import { reportMarkdownPage } from './report-markdown.ts';

/** Writes the file and returns no text: what is said goes to stderr. Markdown may be printed. Throws PstatError. */
export async function reportAnswer(words: readonly string[], args: Arguments, io: Io): Promise<string> {
  const files = filesOrStdin(words, io);
  if (files.length === 0) throw nothingToReport();
  const isMarkdown = isMarkdownAsked(args);
  const output = last(args['output']);
  if (output === undefined && io.stdout.isTTY && !isMarkdown) throw reportToTerminal();
  const { stats, text, what } = isMarkdown ? await markdownOf(files, args, io) : await htmlOf(files, args, io);
  if (output === undefined) return text;
  const bytes = Buffer.from(text);
  await writeFileWhole(String(output), bytes);
  const size = `${pluralize(stats.functions({ limit: 1 }).of, 'function')}, ${formatBytes(bytes.length)}`;
  io.stderr.write(`${escapeControls(String(output))}: report${what}, ${size}\n${noteLines(stats.summary.notes)}`);
  return '';
}

/** A file, and what is said about it. */
interface Written {
  readonly stats: Stats;
  readonly text: string;
  /** What it holds besides functions: `, 80 requests`. */
  readonly what: string;
}

/** Throws PstatError (`query`) for a budget of HTML. */
function isMarkdownAsked(args: Arguments): boolean {
  const format = outputFormat(args);
  const budget = last(args['budget']);
  if (budget !== undefined && format !== 'markdown')
    throw badOption('budget', String(budget), 'for HTML, but for --format markdown');
  return format === 'markdown';
}

async function markdownOf(files: readonly string[], args: Arguments, io: Io): Promise<Written> {
  const stats = await loadStats(files, args, io);
  return { stats, text: reportMarkdownPage(stats, argumentsText(files, args), args), what: '' };
}

async function htmlOf(files: readonly string[], args: Arguments, io: Io): Promise<Written> {
  const { stats, folder } = await loadReported(files, args, io);
  const title = String(last(args['title']) ?? files.map(escapeControls).join(', '));
  const view = pageView(stats, {
    title,
    ...wordsOf(stats),
    arguments: argumentsText(files, args),
    requests: folder === null ? null : indexOf(folder, files, args),
  });
  const parts = folder?.parts ?? [];
  const text = writeReport({ title, profile: stats.profile, parts, scripts: null, ...view }, await readPageCode());
  return { stats, text, what: folder === null ? '' : `, ${pluralize(folder.view.stats.requests, 'request')}` };
}

/** What `pstat requests` says, as the page shows it. */
function indexOf({ view, parts }: RequestFolder, files: readonly string[], args: Arguments): RequestsFacts {
  const report = requestsReport(view);
  const columns = report.columns.flatMap(({ shown }) => {
    if (shown === null) return [];
    const title = shown.title.filter((word) => word !== '').join(', ');
    return [{ title, align: shown.align ?? 'right', cells: shown.texts }];
  });
  return requestsFacts(
    view,
    parts.map(({ profile }) => profile),
    {
      heading: report.heading.map(lineText).join(' '),
      columns,
      lines: [...report.closing.slice(0, -1), ...report.notes].map(lineText),
      idle: statsOptionsFrom(args).idle === true,
      nameRoute: routeNamerFrom(args),
      scopeOf: (stats, selection) => ({
        ...wordsOf(stats),
        arguments:
          'file' in selection
            ? argumentsText([selection.file], { ...args, route: undefined, 'skip-broken': undefined })
            : argumentsText(files, { ...args, ...selection }),
      }),
    },
  );
}

function wordsOf({ summary }: Stats) {
  return { heading: profileHeading(summary).map(lineText), notes: summary.notes.map(formatNote) };
}

function lineText(line: ReportLine): string {
  return escapeControls(`${line.path ?? ''}${line.text}`);
}

/** The options that select what is read, as a command line writes them. */
const READING_OPTIONS = [
  ...['focus', 'ignore', 'from', 'to', 'thread', 'value', 'route', 'route-pattern', 'skip-broken'],
  ...['merge-lines', 'source-map', 'idle', 'time'],
];

function argumentsText(files: readonly string[], args: Arguments): string {
  const options = READING_OPTIONS.flatMap((name) =>
    [args[name] ?? []].flat().map((value) => (value === true ? `--${name}` : `--${name} ${shellWord(String(value))}`)),
  );
  return [...files.map(shellWord), ...options].join(' ');
}
