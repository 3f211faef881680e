/** Escapes text for markdown: no link, mention, image or HTML remains. */

import { escapeControls } from '../base/text.ts';

/**
 * Text as code, so that nothing in it is a link, a mention, an image or HTML. The fence is longer than any run of
 * backticks inside; a pipe would end the cell even there.
 */
export function code(text: string): string {
  if (text === '') return '';
  // A backslash before the pipe's own: markdown parsers treat it differently, so none is left.
  if (/\\\|/.test(text)) return `<code>${entities(escapeControls(text))}</code>`;
  const longest = (text.match(/`+/g) ?? []).reduce((most, run) => Math.max(most, run.length), 0);
  const fence = '`'.repeat(longest + 1);
  const padding = /^`|`$|^ | $/.test(text) ? ' ' : '';
  return `${fence}${padding}${escapeControls(text).replaceAll('|', '\\|')}${padding}${fence}`;
}

/** Every character that could mean something, by number. */
function entities(text: string): string {
  return text.replace(/[^A-Za-z0-9\s]/gu, (character) => `&#${character.codePointAt(0)};`);
}

/**
 * What GitHub makes a link or a picture of after the markdown was read, when an escape is no longer seen: mentions and
 * addresses, issues (#12, GH-12), emoji (:100:), formulas. In code it lets all of them be.
 */
const REFERENCE = /@[\w-]|#\d|\bGH-\d|:[\w+-]+:|\$/i;

/** Escapes all markdown characters. */
export function plain(text: string): string {
  return escapeControls(text)
    .split(/([\s|]+)/)
    .map((word) => (REFERENCE.test(word) ? referenceAsCode(word) : escapeMarkdown(word)))
    .join('');
}

function referenceAsCode(word: string): string {
  const [stop = ''] = /[,.;:)]$/.exec(word) ?? [];
  return code(word.slice(0, word.length - stop.length)) + escapeMarkdown(stop);
}

function escapeMarkdown(text: string): string {
  return text
    .replace(/[\\`*_{}[\]<>()#!|~@&]/g, (character) => `\\${character}`)
    .replace(/\bwww\./gi, (start) => start.replace('.', '\\.'))
    .replaceAll('://', ':\\//');
}
