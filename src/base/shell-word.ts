import { escapeControls } from './text.ts';

/** Quotes a text as a word of a shell where it needs quotes. Controls are escaped, because people see and paste it. */
export function shellWord(text: string): string {
  const shown = escapeControls(text);
  return /^[\w@%+=:,./-]+$/.test(shown) ? shown : `'${shown.replaceAll("'", `'\\''`)}'`;
}
