/**
 * The formats that pstat knows. Detection, `pstat help formats` and writing use this list.
 *
 * The readers are loaded together. Loading only those that a file's first bytes call for was measured: a .prof then loads
 * 50 kB less code but nine more chunks of the bundle, and takes 3 ms more processor time; a .cpuprofile takes 11 ms more.
 */

import { callgrind } from './callgrind/callgrind.ts';
import { firefox } from './firefox/firefox.ts';
import { folded } from './folded/folded.ts';
import type { Format, FormatWriter } from './format.ts';
import { perfScript } from './perf/perf-script.ts';
import { pprof } from './pprof/pprof.ts';
import { prof } from './python/prof.ts';
import { report } from './report/report.ts';
import { speedscope } from './speedscope/speedscope.ts';
import { chromeTrace } from './v8/chrome-trace.ts';
import { cpuprofile } from './v8/cpuprofile.ts';
import { hermes } from './v8/hermes.ts';
import { hermesEvents } from './v8/hermes-events.ts';
import { legacyCpuprofile } from './v8/legacy-cpuprofile.ts';

/** In the order of detection. The first that matches reads; if it finds the file malformed, no other is tried. */
export const FORMATS: readonly Format[] = [
  prof,
  cpuprofile,
  legacyCpuprofile,
  hermes,
  hermesEvents,
  chromeTrace,
  speedscope,
  firefox,
  pprof,
  perfScript,
  report,
  folded,
  callgrind,
];

/** A format that pstat writes. */
export interface WritableFormat extends Format {
  readonly writer: FormatWriter;
}

/** The formats that pstat writes. */
export const WRITABLE_FORMATS: readonly WritableFormat[] = FORMATS.flatMap((format) =>
  format.writer === undefined ? [] : [{ ...format, writer: format.writer }],
);

/** Returns the format that a file's name has the longest extension of; undefined for a name of none. */
export function formatByName(file: string): WritableFormat | undefined {
  const length = ({ extensions }: Format) =>
    Math.max(0, ...extensions.map((extension) => (file.toLowerCase().endsWith(extension) ? extension.length : 0)));
  const [best] = WRITABLE_FORMATS.toSorted((a, b) => length(b) - length(a));
  return best !== undefined && length(best) > 0 ? best : undefined;
}
