/** A Report as markdown, for a comment on a pull request. */

import { markdownTable } from 'markdown-table';
import { code, plain } from './markdown-text.ts';
import type { Report, ReportLine, ReportRow, ShownColumn } from './report.ts';

/** Every text of the report is escaped here. */
export function reportMarkdown(report: Report): string {
  const [first, ...others] = report.heading;
  const heading = [
    ...(first === undefined ? [] : [`**${plain(textOf(first))}**`]),
    others.map((line) => `- ${plain(textOf(line))}`).join('\n'),
  ];
  const below = [...report.notes, ...report.closing].map((line) => plain(textOf(line).trim()));
  return `${[...heading, tableOf(report), ...below].filter((part) => part !== '').join('\n\n')}\n`;
}

function textOf({ path, text }: ReportLine): string {
  return (path ?? '') + text;
}

function tableOf({ columns, lines, names, emptyMessage }: Report): string {
  if (lines.length === 0) return emptyMessage;
  const shown = columns.map((column) => column.shown).filter((column) => column !== null);
  if (lines.some((line) => typeof line !== 'string' && line.depth !== undefined)) return listOf(lines, shown);
  const titles = [...shown.map(titleOf), names.name, ...(names.place === null ? [] : [names.place])];
  const rows = lines.flatMap((line, i) => {
    if (line === '') return [];
    const numbers = shown.map(({ texts }) => plain((texts[i] ?? '').trim()));
    return [[...numbers, nameCell(line), ...(names.place === null ? [] : [placeCell(line)])]];
  });
  const align = [
    ...shown.map((column) => (column.align === 'left' ? 'l' : 'r')),
    'l',
    ...(names.place === null ? [] : ['l']),
  ];
  // Not padded: one long name would widen every row of a comment that nobody reads as text.
  return markdownTable([titles, ...rows], { align, alignDelimiters: false });
}

/** A tree as a nested list: `- **encodeJson** app.js:3: 2,207.2 ms cumtime, …`. */
function listOf(lines: Report['lines'], shown: readonly ShownColumn[]): string {
  const items = lines.map((line, i) => {
    if (typeof line === 'string') return plain(line);
    const figures = shown.map((column) => [(column.texts[i] ?? '').trim(), column] as const);
    const texts = figures
      .filter(([text]) => text !== '')
      .map(([text, { title, name }]) => figureText(text, title, name));
    const name = `${code(line.label ?? line.name)}${line.place === '' ? '' : ` ${code(line.place)}`}`;
    return `${'  '.repeat((line.depth ?? 1) - 1)}- ${name}: ${texts.join(', ')}`;
  });
  return items.join('\n');
}

/** `2,207.2 ms cumtime`, `56.5%`, `1,686 cumsamples` */
function figureText(text: string, [word, unit]: ShownColumn['title'], name: string): string {
  if (unit.trim() === '%') return plain(`${text}%`);
  if (unit.trim() === '±%') return plain(`±${text}%`);
  return plain(word === '' ? `${text} ${name}` : `${text} ${unit} ${word}`);
}

function titleOf({ title }: ShownColumn): string {
  return title
    .filter((part) => part !== '')
    .join(' ')
    .trim();
}

/** Before what is below an outer row. */
const INDENT = '&nbsp;&nbsp;';
const ARROWS = { caller: '←', callee: '→' } as const;

function nameCell(line: ReportRow | string): string {
  if (typeof line === 'string') return INDENT + plain(line);
  return line.relation === undefined ? code(line.name) : `${INDENT}${ARROWS[line.relation]} ${code(line.name)}`;
}

function placeCell(line: ReportRow | string): string {
  return typeof line === 'string' ? '' : code(line.place);
}
