/**
 * Callgrind's format, which KCachegrind and callgrind_annotate read: https://valgrind.org/docs/manual/cl-format.html
 */

import type { Format } from '../format.ts';

export const callgrind: Format = {
  name: 'callgrind',
  title: 'callgrind: KCachegrind, callgrind_annotate, gprof2dot',
  extensions: ['.callgrind'],
  writer: {
    parts: 'merged',
    isBinary: false,
    load: async () => (await import('./write-callgrind.ts')).writeCallgrind,
  },
};
