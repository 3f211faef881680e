/** Recognizes files of formats that pstat does not read, so that the error names their format. */

import { asBuffer } from '../base/bytes.ts';
import type { PstatError } from '../base/errors.ts';
import { similarFile, TRACE_REMEDY, unknownFormat } from './errors.ts';
import type { Content } from './format.ts';
import { isObject, type JsonObject } from './json.ts';
import { FORMATS } from './registry.ts';
import { isBusinessCentral } from './v8/producer.ts';

interface UnsupportedFormat {
  /** With its article: `a V8 heap profile`. */
  readonly what: string;
  readonly remedy: string;
}

const RECORD_CPU = 'record a CPU profile with `node --cpu-prof`';
const OPEN_IN_DEVTOOLS = 'open it in Chrome DevTools (Memory)';
const SAVE_ORIGINAL = 'give pstat the profile it was made from';

/** Returns the error for a file that no reader matches. */
export function unsupportedFormat(content: Content): PstatError {
  const document = content.json();
  const found = document === undefined ? recognizeBytes(content.bytes) : recognizeJson(document.value);
  return found === undefined ? unknownFormat(readableExtensions()) : similarFile(found.what, found.remedy);
}

/** The usual extension of each format that pstat reads. */
function readableExtensions(): string[] {
  const readable = FORMATS.filter(({ reader }) => reader !== undefined);
  return [...new Set(readable.flatMap(({ extensions }) => extensions.slice(0, 1)))];
}

// ---- JSON ----------------------------------------------------------------------------------------------------------

const JSON_KINDS: readonly (UnsupportedFormat & { readonly test: (file: JsonObject) => boolean })[] = [
  {
    what: 'a V8 heap profile (.heapprofile)',
    remedy: OPEN_IN_DEVTOOLS,
    test: ({ head }) => isObject(head) && ('selfSize' in head || 'callFrame' in head),
  },
  {
    what: 'a Business Central profile (.alcpuprofile) of AL code',
    remedy: 'open it in Visual Studio Code with the AL extension',
    test: (file) => Array.isArray(file['nodes']) && isBusinessCentral(file, file['nodes'].slice(0, 3)),
  },
  {
    what: 'a profile of the JS Self-Profiling API',
    remedy: 'record in Chrome DevTools, or in Node with `node --cpu-prof`',
    test: ({ resources, frames, stacks, samples }) => [resources, frames, stacks, samples].every(Array.isArray),
  },
  { what: 'a V8 heap snapshot', remedy: OPEN_IN_DEVTOOLS, test: ({ snapshot }) => isObject(snapshot) },
  {
    what: 'a trace without CPU samples',
    remedy: TRACE_REMEDY,
    test: ({ traceEvents }) => Array.isArray(traceEvents),
  },
  {
    what: 'V8 code coverage',
    remedy: RECORD_CPU,
    test: ({ result }) => Array.isArray(result) && isObject(result[0]) && 'functions' in result[0],
  },
  {
    what: 'a pyinstrument session',
    remedy: 'convert it with `pyinstrument --load FILE -r speedscope -o FILE.speedscope.json`',
    test: (file) => 'root_frame' in file,
  },
];

function recognizeJson(value: unknown): UnsupportedFormat {
  if (Array.isArray(value) && value.some((event) => isObject(event) && 'ph' in event)) {
    return { what: 'a trace without CPU samples', remedy: TRACE_REMEDY };
  }
  const known = isObject(value) ? JSON_KINDS.find((kind) => kind.test(value)) : undefined;
  const what = wronglyTyped(value);
  return (
    known ?? { what: `JSON without the nodes of a V8 profile${what === null ? '' : ` (${what})`}`, remedy: RECORD_CPU }
  );
}

/** The field that identifies the kind of the file, if it is not a text; null for none. */
function wronglyTyped(value: unknown): string | null {
  if (isObject(value) && isObject(value['$schema'])) return '$schema is an object, not a text';
  const first = Array.isArray(value) ? value[0] : undefined;
  return isObject(first) && isObject(first['name']) ? 'event 0.name is an object, not a text' : null;
}

// ---- everything else -----------------------------------------------------------------------------------------------

const BYTE_KINDS: readonly (UnsupportedFormat & { readonly test: RegExp })[] = [
  {
    what: 'a line_profiler recording (.lprof)',
    remedy: 'print it with `python -m line_profiler`',
    test: /^\x80[\x02-\x05].{0,120}(?:line_profiler|timings\x94)/s,
  },
  { what: 'a Python pickle', remedy: 'dump the profile with `dump_stats`', test: /^\x80[\x02-\x05]/ },
  {
    what: 'Python marshal data that is not a dict',
    remedy: 'dump the profile with `dump_stats`',
    test: /^[[({\xdb\xa8\xa9\xfb)].{0,4}\0/s,
  },
  { what: 'a pstats report in text', remedy: SAVE_ORIGINAL, test: /\d+ function calls .*in [\d.]+ seconds/ },
  {
    what: 'a Git LFS pointer',
    remedy: 'fetch the file itself with `git lfs pull`',
    test: /^version https:\/\/git-lfs/,
  },
  {
    what: 'a gperftools profile',
    remedy: 'convert it with `pprof -proto PROGRAM FILE > FILE.pb.gz`',
    test: /^\0{8}\x03\0{7}/,
  },
  { what: 'a report of GHC (Haskell)', remedy: SAVE_ORIGINAL, test: /Time and Allocation Profiling Report/ },
  { what: 'a web page', remedy: 'download the file itself', test: /^\s*<(?:!doctype html|html|head|body)\b/i },
  {
    what: 'a flame graph in SVG',
    remedy: SAVE_ORIGINAL,
    test: /^\s*(?:<\?xml[^>]*>\s*)?(?:<!doctype svg[^>]*>\s*)?<svg\b/i,
  },
  { what: 'a V8 log (`node --prof`)', remedy: RECORD_CPU, test: /^v8-version,/ },
  {
    what: 'a callgrind file',
    remedy: SAVE_ORIGINAL,
    test: /^(?:# callgrind format|version: \d|creator: |(?:event|events|positions|pid|cmd|part|desc): |(?:fl|fn|ob)=)/,
  },
  { what: 'the text of `node --prof-process`', remedy: RECORD_CPU, test: /^\s*Statistical profiling result from / },
  { what: 'a JSONXL file', remedy: 'convert it to JSON', test: /^\0{0,2}JSONXL/ },
  { what: 'a Java heap dump or profile (HPROF)', remedy: 'open it with a Java tool', test: /^JAVA PROFILE \d/ },
  { what: 'a Linux perf recording', remedy: 'print it with `perf script -i FILE > FILE.perf`', test: /^PERFILE2/ },
  {
    what: 'a .NET trace (.nettrace)',
    remedy: 'convert it with `dotnet-trace convert --format speedscope FILE`',
    test: /^Nettrace/,
  },
  {
    what: 'an austin recording in MOJO',
    remedy: 'convert it with `mojo2austin FILE FILE.austin`',
    test: /^MOJ[\0-\x09]/,
  },
  { what: 'a file of zero bytes, as a crash leaves it', remedy: 'record it again', test: /^\0{16,}$/ },
  { what: 'a zip archive', remedy: 'unpack it first', test: /^PK\x03\x04/ },
  { what: 'a PNG picture', remedy: SAVE_ORIGINAL, test: /^\x89PNG/ },
  { what: 'a program', remedy: 'profile it and give pstat the profile', test: /^(?:\x7fELF|MZ|#!|\0asm)/ },
];

function recognizeBytes(bytes: Uint8Array): UnsupportedFormat | undefined {
  const head = asBuffer(bytes.subarray(0, 4096)).toString('latin1');
  const text = head.replace(/^\xef\xbb\xbf/, '');
  return BYTE_KINDS.find((kind) => kind.test.test(text));
}
