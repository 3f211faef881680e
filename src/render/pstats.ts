import { escapeControls } from '../base/text.ts';
import type { PstatsView } from '../view/pstats-view.ts';

/** pstats' own bytes. A terminal is spared what acts on it, as names of functions may hold. */
export function renderPstats({ lines }: PstatsView, { terminal = false }: { readonly terminal?: boolean }): string {
  return lines.map((line) => `${terminal ? escapeControls(line) : line}\n`).join('');
}
