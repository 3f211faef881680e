/** report: writes one HTML file that a browser opens from disk. */

import type { Command } from '../command.ts';
import { STACK_OPTIONS } from '../options.ts';

export const report: Command = {
  name: 'report',
  usage: 'report FILES… -o FILE.html',
  describe: 'write an offline page: pictures and tables',
  examples: [
    ['pstat report app.cpuprofile -o report.html', 'icicle, flame graph, table: open it in a browser'],
    ['pstat report profiles/ -o report.html', 'requests: an index of routes, and each request'],
    ['pstat report trace.json.gz --from 2s --to 3s -o cut.html', 'a second of a trace'],
    ['pstat report app.cpuprofile --format markdown', 'one page for a pull request'],
    ['pstat report.html', 'the profile in a report, in the terminal'],
  ],
  options: [
    ...(['output', 'title', 'sources', 'source-path', 'format', 'budget'] as const),
    ...STACK_OPTIONS,
    ...(['merge-lines', 'source-map', 'idle', 'time', 'paths', 'color', 'no-color'] as const),
  ],
  values: { sources: 'WHICH' },
  describes: {
    sources: 'Put source text in: none (default), used (the lines of its functions), or all (their files)',
    output: 'Write to FILE. Default: standard output, if it is not a terminal',
    format: 'Write html (default) or markdown, one page for a pull request',
    idle: 'Draw (idle), and count it in shares',
  },
  choices: { format: ['html', 'markdown'], sources: ['none', 'used', 'all'] },
  about: `FILES are profiles, folders, quoted globs, or - for standard input. Several are
merged.

The file needs no other file and makes no request: send it, open it from disk.
It holds the whole profile, of which nothing is left out, and every command reads
it: pstat report.html, pstat compare old.html new.html. It holds the names and
paths of functions; source text only with --sources, and then it says so.

Of profiles of requests it has an index of routes, as pstat requests, and opens a
route or one request. Broken files among them are left out and listed. It is read
as their folder: pstat requests report.html, pstat report.html/FILE for one of
them; compare tests the same runs.

A Python profile knows who calls whom, but no stacks: its pictures are the likely
ones, and marked ~.`,
  answer: async (...asked) => (await import('./report-answer.ts')).reportAnswer(...asked),
};
