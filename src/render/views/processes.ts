/** Node processes that run. */

import { formatPercent } from '../../base/units.ts';
import type { ProcessesView } from '../../view/processes-view.ts';
import { jsonText } from '../json.ts';
import { dataColumns, line, type Report, shownColumnsOf } from '../report.ts';
import { cutEnd } from '../table/width.ts';

export function processesReport({ about, advice, rows, isQuestion }: ProcessesView): Report {
  const column = shownColumnsOf(rows);
  return {
    heading: [line(about)],
    columns: [
      column(['', 'PID'], ({ pid }) => String(pid)),
      column(['CPU', '%'], ({ cpu }) => formatPercent(cpu, 1)),
      column(['', 'port'], ({ ports }) => ports.slice(0, MAX_PORTS).join(' ') + (ports.length > MAX_PORTS ? ' …' : '')),
      ...dataColumns(rows, {
        pid: ({ pid }) => pid,
        cpu: ({ cpu }) => cpu,
        ports: ({ ports }) => ports.join(' '),
        command: ({ command }) => command.join(' '),
      }),
    ],
    lines: rows.map(({ command }) => ({
      name: cutEnd(shortCommand(command), MAX_COMMAND),
      place: '',
      file: null,
      style: 'strong',
    })),
    names: { name: 'command', place: null, room: 36 },
    emptyMessage: 'No Node process of this user runs.',
    notes: [],
    closing: rows.length === 0 ? [] : [line(advice)],
    exitCode: rows.length === 0 || isQuestion ? 1 : 0,
  };
}

export function processesJson({ rows }: ProcessesView): string {
  return jsonText({ view: 'processes', head: {}, rows, matched: rows.length, notes: [] });
}

const MAX_PORTS = 3;
const MAX_COMMAND = 100;

/** Without the folder of the executable, and of the script where that is long. */
function shortCommand([executable = '', ...words]: readonly string[]): string {
  return [baseName(executable), ...words.map(shortPath)].join(' ');
}

/** A path keeps its last two names: `…/app/server.js`. */
function shortPath(word: string): string {
  return word.length > MAX_PATH && word.startsWith('/') ? `…/${word.split('/').slice(-2).join('/')}` : word;
}

const MAX_PATH = 30;

/** A title that the program gave itself is no path. */
function baseName(executable: string): string {
  return executable.includes(' ') ? executable : (executable.split('/').at(-1) ?? executable);
}
