import { escapeControls } from '../../base/text.ts';
import type { PstatsView } from '../../view/pstats-view.ts';

/** Writes pstats' bytes. For a terminal, control characters in names are escaped. */
export function renderPstats({ lines }: PstatsView, { terminal = false }: { readonly terminal?: boolean }): string {
  return lines.map((line) => `${terminal ? escapeControls(line) : line}\n`).join('');
}
