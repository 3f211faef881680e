/** The answer of `report`. */

import { shellWord } from '../../base/shell-word.ts';
import { escapeControls, pluralize } from '../../base/text.ts';
import { formatBytes } from '../../base/units.ts';
import { writeReport } from '../../formats/report/write-report.ts';
import type { Stats } from '../../query/stats.ts';
import { profileHeading } from '../../render/profile-heading.ts';
import { formatNote, noteLines } from '../../render/profile-notes.ts';
import type { ReportLine } from '../../render/report.ts';
import { pageView } from '../../view/page-view.ts';
import { badOption, nothingToReport, reportToTerminal } from '../errors.ts';
import type { Io } from '../io.ts';
import { type Arguments, last, outputFormat } from '../options.ts';
import { readPageCode } from '../page-code.ts';
import { writeFileWhole } from '../write-file.ts';
import { filesOrStdin, loadStats } from './queries-answer.ts';
import { reportMarkdownPage } from './report-markdown.ts';

/** Writes the file and returns no text: what is said goes to stderr. Markdown may be printed. Throws PstatError. */
export async function reportAnswer(words: readonly string[], args: Arguments, io: Io): Promise<string> {
  const files = filesOrStdin(words, io);
  if (files.length === 0) throw nothingToReport();
  const isMarkdown = isMarkdownAsked(args);
  const output = last(args['output']);
  if (output === undefined && io.stdout.isTTY && !isMarkdown) throw reportToTerminal();
  const stats = await loadStats(files, args, io);
  const text = isMarkdown
    ? reportMarkdownPage(stats, argumentsText(files, args), args)
    : await htmlOf(stats, { files, args });
  if (output === undefined) return text;
  const bytes = Buffer.from(text);
  await writeFileWhole(String(output), bytes);
  const what = `${pluralize(stats.functions().of, 'function')}, ${formatBytes(bytes.length)}`;
  io.stderr.write(`${escapeControls(String(output))}: report, ${what}\n${noteLines(stats.summary.notes)}`);
  return '';
}

/** Throws PstatError (`query`) for a budget of HTML. */
function isMarkdownAsked(args: Arguments): boolean {
  const format = outputFormat(args);
  const budget = last(args['budget']);
  if (budget !== undefined && format !== 'markdown')
    throw badOption('budget', String(budget), 'for HTML, but for --format markdown');
  return format === 'markdown';
}

interface Question {
  readonly files: readonly string[];
  readonly args: Arguments;
}

async function htmlOf(stats: Stats, { files, args }: Question): Promise<string> {
  const title = String(last(args['title']) ?? files.map(escapeControls).join(', '));
  const view = pageView(stats, {
    title,
    heading: profileHeading(stats.summary).map(headingText),
    notes: stats.summary.notes.map(formatNote),
    arguments: argumentsText(files, args),
  });
  return writeReport({ title, profile: stats.profile, scripts: null, ...view }, await readPageCode());
}

function headingText(line: ReportLine): string {
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
