import type { Readers } from '../format.ts';
import { chromeTrace } from './chrome-trace.ts';
import { cpuprofile } from './cpuprofile.ts';
import { hermes } from './hermes.ts';
import { legacyCpuprofile } from './legacy-cpuprofile.ts';
import { createScanner } from './scanner/create-scanner.ts';

/** The formats of V8 and Hermes. All are JSON. */
export const V8_READERS: Readers = {
  formats: [cpuprofile, legacyCpuprofile, hermes, chromeTrace],
  createScanner,
};
