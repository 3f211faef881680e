/** The time line of the explorer: how busy the thread was, the window, and the cursor. */

import { formatTime, timeScale } from '../../base/units.ts';
import type { TimeLine } from '../../view/explore-view.ts';
import { cutEnd } from '../table/width.ts';
import type { Theme } from '../theme.ts';

const LEVELS = ' ▁▂▃▄▅▆▇█';

/** The line, and the time that a click on a column means. */
export function timeLine({ recorded, window, cursor, activity }: TimeLine, columns: number, theme: Theme) {
  const step = (recorded.to - recorded.from) / columns;
  const columnOf = (time: number) => Math.max(0, Math.min(Math.round((time - recorded.from) / step), columns - 1));
  const [first, last] = [columnOf(window.from), Math.max(columnOf(window.from), columnOf(window.to) - 1)];
  const at = cursor === null ? -1 : columnOf(cursor);
  const cells = activity(columns).map((share, column) => {
    const isInside = column >= first && column <= last;
    if (column === at) return theme.selected('│');
    const level = LEVELS[Math.ceil(Math.min(1, share) * (LEVELS.length - 1))] ?? ' ';
    return isInside ? level : theme.quiet(level === ' ' ? ' ' : '·');
  });
  return {
    lines: [cells.join(''), theme.quiet(cutEnd(caption({ recorded, window, cursor }, step), columns))],
    timeAt: (column: number) => recorded.from + column * step,
  };
}

/** `window 1.20 … 1.40 s of 3.95 s · cursor 1.30 s` */
function caption({ recorded, window, cursor }: Omit<TimeLine, 'activity'>, step: number): string {
  const scale = timeScale([recorded.to]);
  // As many decimals as tell two columns apart.
  const decimals = Math.max(0, 1 - Math.floor(Math.log10(step / scale.size)));
  const time = (value: number) => formatTime(value, { ...scale, decimals });
  const part =
    window.from === recorded.from && window.to === recorded.to
      ? `all of ${time(recorded.from)} … ${time(recorded.to)} ${scale.unit}`
      : `window ${time(window.from)} … ${time(window.to)} ${scale.unit} of ${time(recorded.to - recorded.from)} ${scale.unit}`;
  return cursor === null ? `${part}; t moves it` : `${part} · cursor ${time(cursor)} ${scale.unit}`;
}
