/**
 * pprof, of Go, @datadog/pprof, Pyroscope and Parca: a gzipped protocol buffer. The definition is
 * https://github.com/google/pprof/blob/main/proto/profile.proto
 */

import type { Format } from '../format.ts';
import { beginsLikePprof, readPprof } from './read-pprof.ts';

export const pprof: Format = {
  name: 'pprof',
  title: `pprof: Go, @datadog/pprof, Pyroscope, Parca; --value selects
one of several value types`,
  extensions: ['.pb.gz', '.pprof', '.pb'],
  reader: {
    hasValues: true,
    detect: ({ bytes }) => beginsLikePprof(bytes),
    read: ({ bytes }, options) => readPprof(bytes, options),
  },
  writer: {
    parts: 'labels',
    isBinary: true,
    load: async () => (await import('./write-pprof.ts')).writePprof,
  },
};
