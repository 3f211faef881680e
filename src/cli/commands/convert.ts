/** convert: writes profiles in another format. */

import { WRITABLE_FORMATS } from '../../formats/registry.ts';
import type { Command } from '../command.ts';
import { STACK_OPTIONS } from '../options.ts';

/** What a function may be written as. */
export const CONVERTED_GROUPS = ['function', 'file', 'package', 'category'] as const;

export const convert: Command = {
  name: 'convert',
  usage: 'convert FILES… -o FILE',
  describe: 'write pprof, speedscope, callgrind and more',
  examples: [
    ['pstat convert app.cpuprofile -o app.pb.gz', 'for go tool pprof, Pyroscope, Parca'],
    ['pstat convert trace.json.gz --from 2s --to 3s -o cut.cpuprofile', 'a second of a trace, for DevTools'],
    ['pstat convert profiles/ -o fleet/ --to pprof --split route', 'a file a route'],
  ],
  options: [
    ...(['output', 'split', ...STACK_OPTIONS, 'by', 'merge-lines', 'estimate', 'idle', 'time', 'source-map'] as const),
    ...(['color', 'no-color'] as const),
  ],
  choices: { by: CONVERTED_GROUPS, to: WRITABLE_FORMATS.map(({ name }) => name) },
  describes: {
    output: 'Write to FILE, or with --split to a folder. Default: standard output',
    to: 'Write this FORMAT; or, a time such as 1.2s, exclude what came after',
    by: 'Write functions (default), or a file, package or category in the place of each',
    estimate: 'Write the likely stacks of a Python profile, which knows callers and callees',
    idle: 'Write (idle) as a function',
  },
  about: `The extension of FILE chooses the format, or --to:

${WRITABLE_FORMATS.map(({ name, extensions }) => `  ${name.padEnd(12)} ${extensions.join(' ')}`).join('\n')}

With several FILES, profiles are merged; speedscope keeps them apart, and pprof
keeps the method, route and status of requests as labels. pstat help formats has
what each format holds.`,
  answer: async (...asked) => (await import('./convert-answer.ts')).convertAnswer(...asked),
};
