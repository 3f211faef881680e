/** One page of markdown within a budget, for a pull request or a program that reads text. */

import { shorten } from '../base/text.ts';
import { formatAmount, formatPercent } from '../base/units.ts';
import type { TreeView } from '../view/tree-view.ts';
import type { View, ViewRow } from '../view/views.ts';
import { reportMarkdown } from './markdown.ts';
import { code, plain } from './markdown-text.ts';
import { noteText } from './note-words.ts';
import type { Report } from './report.ts';
import { functionsReport } from './views/functions.ts';
import { profileHeading } from './views/profile-heading.ts';
import { treeReport } from './views/tree.ts';

type FunctionsView = Extract<View, { readonly view: 'functions' }>;

export interface PageParts {
  readonly functions: FunctionsView;
  readonly categories: FunctionsView;
  /** Null for a profile without stacks. */
  readonly tree: TreeView | null;
  /** Null for a profile without lines. */
  readonly lines: FunctionsView | null;
  /** Commands that answer the next question, each with what it answers. */
  readonly commands: readonly (readonly [command: string, answer: string])[];
}

/** Characters of a token, on average. */
const TOKEN = 4;

/** Rows of a section, the most first. */
const SIZES = [30, 20, 15, 10, 7, 5, 3, 2, 1];

/** A name, a path or a note may fill any budget. */
const MAX_TEXT = 200;

/** The longest page that fits: fewer rows in every section, then fewer sections. @param budget tokens */
export function markdownPage(budget: number, partsOf: (rows: number) => PageParts): string {
  const room = budget * TOKEN;
  for (const rows of SIZES) {
    const page = pageOf(partsOf(rows), []);
    if (page.length <= room) return page;
  }
  const least = partsOf(1);
  const omitted: Section[] = [];
  for (const section of ['hot lines', 'hot paths', 'notes', 'hot functions', 'next commands'] as const) {
    omitted.push(section);
    const page = pageOf(least, omitted);
    if (page.length <= room) return page;
  }
  return `${plain(shorten('No page of this profile fits the budget.', room - 1))}\n`;
}

type Section = 'hot functions' | 'hot paths' | 'hot lines' | 'next commands' | 'notes';

function pageOf(parts: PageParts, omitted: readonly Section[]): string {
  const { functions, tree, lines, commands } = parts;
  const [first, ...others] = profileHeading(functions.profile).map(({ path, text }) => plain((path ?? '') + text));
  const section = (name: Section, text: string) =>
    omitted.includes(name) || text === '' ? [] : [`## ${name.charAt(0).toUpperCase()}${name.slice(1)}\n\n${text}`];
  const notes = functions.notes.map((note) => `- note: ${plain(shorten(noteText(note), MAX_TEXT))}`).join('\n');
  return `${[
    `# ${first ?? ''}`,
    others.map((line) => `- ${line}`).join('\n'),
    summarySentence(parts),
    ...(omitted.includes('notes') ? [] : [notes]),
    ...section('hot functions', bodyOf(functionsReport(functions))),
    ...section('hot paths', tree === null ? '' : bodyOf(treeReport(tree))),
    ...section('hot lines', lines === null ? '' : bodyOf(functionsReport(lines))),
    ...section('next commands', commands.map(([command, answer]) => `- ${code(command)}: ${plain(answer)}`).join('\n')),
    ...(omitted.length === 0 ? [] : [plain(`cut to the budget: ${omitted.join(', ')}`)]),
  ]
    .filter((part) => part !== '')
    .join('\n\n')}\n`;
}

/** A report without what the page says at its top. */
function bodyOf(report: Report): string {
  return reportMarkdown({ ...report, heading: [], notes: [] }).trim();
}

/** What the time is spent on, and the hottest function. */
function summarySentence({ functions, categories }: PageParts): string {
  const { counted, shareOf, unit } = functions.profile;
  const [hottest] = functions.rows;
  if (hottest === undefined || shareOf === null || shareOf === 0) return 'No time was recorded in any function.';
  const shares = categories.rows
    .filter(({ tottime }) => (tottime ?? 0) >= MIN_SHARE * shareOf)
    .map(({ label, tottime }) => `${formatPercent(tottime, shareOf)}% ${label}`);
  const whole = plain(`Of ${formatAmount(counted, unit)}: ${shares.join(', ')}.`);
  return `${whole} The hottest function is ${nameOf(hottest)} with ${plain(shareText(hottest, shareOf))}.`;
}

/** Smaller categories need no word. */
const MIN_SHARE = 0.005;

function nameOf({ label, place }: ViewRow): string {
  return `${code(shorten(label, MAX_TEXT))}${place === null ? '' : ` at ${code(shorten(place, MAX_TEXT))}`}`;
}

function shareText({ tottime, cumtime, tottimeError }: ViewRow, shareOf: number): string {
  const error = tottimeError == null ? '' : ` ±${(100 * tottimeError).toFixed(0)}%`;
  return `${formatPercent(tottime, shareOf)}% tottime${error} and ${formatPercent(cumtime, shareOf)}% cumtime`;
}
