/**
 * Folded stacks, the input of flame graphs: `main;parse;scan 42`, outermost function first. See
 * https://github.com/brendangregg/FlameGraph/blob/master/stackcollapse.pl
 */

import type { Format } from '../format.ts';
import { beginsLikeFolded, readFolded } from './read-folded.ts';

export const folded: Format = {
  name: 'folded',
  title: `folded stacks: flame graphs, py-spy raw, austin, inferno;
--value us reads the counts as µs`,
  extensions: ['.folded', '.collapsed', '.austin'],
  reader: {
    hasValues: true,
    detect: ({ bytes }) => beginsLikeFolded(bytes),
    read: ({ bytes }, options) => readFolded(bytes, options),
  },
  writer: {
    parts: 'merged',
    isBinary: false,
    readBack: { value: 'us' },
    load: async () => (await import('./write-folded.ts')).writeFolded,
  },
};
