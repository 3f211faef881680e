/** The answer of `report`. */

import { escapeControls, pluralize } from '../../base/text.ts';
import { formatBytes } from '../../base/units.ts';
import { writeReport } from '../../formats/report/write-report.ts';
import type { Stats } from '../../query/stats.ts';
import { noteLines } from '../../render/profile-notes.ts';
import { pageSources } from '../../view/page-sources.ts';
import { pageView } from '../../view/page-view.ts';
import { type Arguments, choice, outputFormat, sourceFoldersFrom, textOf } from '../arguments.ts';
import { badOption, nothingToReport, reportToTerminal } from '../errors.ts';
import type { Io } from '../io.ts';
import { readPageCode } from '../page-code.ts';
import { writeFileWhole } from '../write-file.ts';
import { readSources } from './list-answer.ts';
import { filesOrStdin, loadStats } from './queries-answer.ts';
import { argumentsText, wordsOf } from './report-facts.ts';
import { requestsIndex } from './report-index.ts';
import { loadReported } from './report-load.ts';
import { reportMarkdownPage } from './report-markdown.ts';

/** Writes the file and returns no text: what is said goes to stderr. Markdown may be printed. Throws PstatError. */
export async function reportAnswer(words: readonly string[], args: Arguments, io: Io): Promise<string> {
  const files = filesOrStdin(words, io);
  if (files.length === 0) throw nothingToReport();
  const isMarkdown = isMarkdownAsked(args);
  const output = textOf(args, 'output');
  if (output === null && io.stdout.isTTY && !isMarkdown) throw reportToTerminal();
  const { stats, text, what } = isMarkdown ? await markdownOf(files, args, io) : await htmlOf(files, args, io);
  if (output === null) return text;
  const bytes = Buffer.from(text);
  await writeFileWhole(output, bytes);
  const size = `${pluralize(stats.functions({ limit: 1 }).of, 'function')}, ${formatBytes(bytes.length)}`;
  io.stderr.write(`${escapeControls(output)}: report${what}, ${size}\n${noteLines(stats.summary.notes)}`);
  return '';
}

/** A file, and what is said about it. */
interface Written {
  readonly stats: Stats;
  readonly text: string;
  /** What it holds besides functions: `, 80 requests`. */
  readonly what: string;
}

/** Throws PstatError (`query`) for a budget of HTML, and sources in markdown. */
function isMarkdownAsked(args: Arguments): boolean {
  const format = outputFormat(args);
  const [budget, sources] = [textOf(args, 'budget'), textOf(args, 'sources')];
  if (budget !== null && format !== 'markdown')
    throw badOption('budget', budget, 'for HTML, but for --format markdown');
  if (sources !== null && format === 'markdown') throw badOption('sources', sources, 'for markdown, but for HTML');
  return format === 'markdown';
}

async function markdownOf(files: readonly string[], args: Arguments, io: Io): Promise<Written> {
  const stats = await loadStats(files, args, io);
  return { stats, text: reportMarkdownPage(stats, argumentsText(files, args), args), what: '' };
}

async function htmlOf(files: readonly string[], args: Arguments, io: Io): Promise<Written> {
  const { stats, folder } = await loadReported(files, args, io);
  const title = textOf(args, 'title') ?? files.map(escapeControls).join(', ');
  const view = pageView(stats, {
    title,
    ...wordsOf(stats),
    arguments: argumentsText(files, args),
    requests: folder === null ? null : requestsIndex(folder, files, args),
    comparison: null,
  });
  const parts = folder?.parts ?? [];
  const sources = await sourcesOf(stats, args);
  const text = writeReport({ title, profile: stats.profile, parts, ...sources, ...view }, await readPageCode());
  const requests = folder === null ? '' : `, ${pluralize(folder.view.stats.requests, 'request')}`;
  const texts = sources.scripts === null ? '' : `, source text of ${pluralize(sources.scripts.length, 'file')}`;
  return { stats, text, what: `${requests}${texts}` };
}

/** The texts that --sources asks for, from where `pstat list` reads them. Throws PstatError (`query`). */
async function sourcesOf(stats: Stats, args: Arguments) {
  const asked = choice(args, { option: 'sources', choices: SOURCE_CHOICES, otherwise: 'none' });
  if (asked === 'none') return { scripts: null, columns: new Map<string, number[]>() };
  const result = stats.listings('');
  const textOf = await readSources(stats, result.rows, sourceFoldersFrom(args));
  return pageSources(stats, result, { textOf, choice: asked });
}

const SOURCE_CHOICES = ['none', 'used', 'all'] as const;
