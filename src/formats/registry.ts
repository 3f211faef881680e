/**
 * The formats that pstat knows. Detection, `pstat help formats` and writing use this list.
 *
 * The readers are loaded together. Loading only those that a file's first bytes call for was measured: a .prof then loads
 * 50 kB less code but nine more chunks of the bundle, and takes 3 ms more processor time; a .cpuprofile takes 11 ms more.
 */

import type { Format, WriteFormat } from './format.ts';
import { prof } from './python/prof.ts';
import { chromeTrace } from './v8/chrome-trace.ts';
import { cpuprofile } from './v8/cpuprofile.ts';
import { hermes } from './v8/hermes.ts';
import { legacyCpuprofile } from './v8/legacy-cpuprofile.ts';

/** In the order of detection. The first that matches reads; if it finds the file malformed, no other is tried. */
export const FORMATS: readonly Format[] = [prof, cpuprofile, legacyCpuprofile, hermes, chromeTrace];

/** Returns the writer of a format. Throws RangeError if it has none. */
export function writerOf(name: string): WriteFormat {
  const write = FORMATS.find((format) => format.name === name)?.write;
  if (write === undefined) throw new RangeError(`no writer for ${name}`);
  return write;
}
