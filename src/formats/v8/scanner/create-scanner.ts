import { asBuffer } from '../../../base/bytes.ts';
import { CpuprofileScanner } from './cpuprofile-scanner.ts';
import type { Scanner } from './scanner.ts';
import { TraceScanner } from './trace-scanner.ts';

/**
 * Creates the scanner for a file that begins with these bytes. Returns null if no scanner reads such files, or if there is
 * no WebAssembly or no memory for one.
 *
 * @param bytes the file's length; 0 if unknown
 */
export function createScanner(head: Uint8Array, bytes: number): Scanner | null {
  const start = head.findIndex((byte) => !WHITESPACE.includes(byte));
  const first = head[start];
  const isTrace = asBuffer(head.subarray(0, HEAD_BYTES)).includes(TRACE_KEY);
  if (first === OPEN_LIST || (first === OPEN_OBJECT && isTrace)) return TraceScanner.create();
  return first === OPEN_OBJECT ? CpuprofileScanner.create(bytes) : null;
}

/** Space, tab, newline, carriage return. */
const WHITESPACE: readonly number[] = [0x20, 0x09, 0x0a, 0x0d];
const OPEN_LIST = 0x5b;
const OPEN_OBJECT = 0x7b;
const TRACE_KEY = '"traceEvents"';

/** The metadata before the events of a trace is shorter. */
const HEAD_BYTES = 2 ** 16;
