/** How programs that write V8's formats deviate from its inspector. A file does not name its producer: these are their marks. */

import type { FunctionKind } from '../../model/function-table.ts';
import { isObject, type JsonObject } from '../json.ts';

export interface Producer {
  /** JavaScriptCore wrote the profile, so that scripts and places mean other things than V8's. */
  readonly isBun: boolean;
  /** The number of the first line and column of a call frame: 0 in the inspector's protocol, 1 in V8's C++ interface. */
  readonly firstLine: 0 | 1;
  /** Whether call frames of a profile without position ticks have the line that was executing. */
  readonly writesExecutingLines: boolean;
}

/** V8's inspector, which Node, Deno and Chromium use. */
export const INSPECTOR: Producer = { isBun: false, firstLine: 0, writesExecutingLines: false };

/**
 * Returns the producer of a file. xprofiler and v8-profiler-next pass on the numbers of V8's C++ interface; both write a
 * `typeId` and the `bailoutReason` of that interface:
 * https://github.com/hyj1991/v8-profiler-next/blob/master/src/cpu_profiler/cpu_profile_node.cc
 */
export function producerOf({ startTime, typeId }: JsonObject, frames: readonly unknown[]): Producer {
  const [first] = frames;
  const isInterface = typeof typeId === 'string' || (isObject(first) && 'bailoutReason' in first);
  const isBun = hasBunClock(startTime) || frames.some(isNativeOfBun);
  // Bun 1.4 writes position ticks, and where functions are defined.
  return { isBun, firstLine: isInterface ? 1 : 0, writesExecutingLines: isBun };
}

/** Bun's clock is the time of day, or counts from the start of the machine as V8's does. */
function hasBunClock(startTime: unknown): boolean {
  return typeof startTime === 'number' && startTime > MIN_TIME_OF_DAY;
}

/** µs: thirty years. Below any current time of day, above any uptime. */
const MIN_TIME_OF_DAY = 9.5e14;

/** JavaScriptCore's number of no script, 2^32 - 1. */
const NO_SCRIPT = '4294967295';

function isNativeOfBun(frame: unknown): boolean {
  return isObject(frame) && (frame['scriptId'] === NO_SCRIPT || frame['scriptId'] === Number(NO_SCRIPT));
}

/**
 * Whether a file is of Business Central (.alcpuprofile), which borrows V8's format for AL code: its scripts are objects
 * such as `Codeunit_80`, and its own fields name the app of each node. https://learn.microsoft.com/dynamics365/business-central/dev-itpro/developer/devenv-al-profiler-overview
 */
export function isBusinessCentral(file: JsonObject, nodes: readonly unknown[]): boolean {
  return 'sampleExecutionTimes' in file || nodes.some(isNodeOfBusinessCentral);
}

function isNodeOfBusinessCentral(node: unknown): boolean {
  if (!isObject(node)) return false;
  if ('applicationDefinition' in node || 'declaringApplication' in node) return true;
  const frame = node['callFrame'];
  return isObject(frame) && typeof frame['scriptId'] === 'string' && /^[A-Za-z]+_\d+$/.test(frame['scriptId']);
}

interface Code {
  readonly name: string;
  readonly file: string;
  /** Null if the file has none. */
  readonly scriptId: string | null;
  /** As in the file. */
  readonly lineNumber: number;
  readonly columnNumber: number;
}

/**
 * Returns the kind of code. Without a url it is from `eval` or `new Function` if it has a script, else native. Without a
 * scriptId, a line decides: only traces omit lines, and they have script ids.
 */
export function codeKind(code: Code, { isBun, firstLine }: Producer): FunctionKind {
  const { name, file, scriptId, lineNumber } = code;
  if (file.startsWith('wasm://')) return 'wasm';
  // Chromium's traces name V8's runtime functions `native V8Runtime`, its extensions `v8/LoadTimes` and `extensions::x`.
  if (/^(?:native |extensions::|v8\/[A-Z]|\[native code\]$)/.test(file)) return 'native';
  if (file !== '') return 'js';
  if (name.startsWith('RegExp: ') || (isBun && /^\/.+\/[a-z]*$/s.test(name))) return 'regexp';
  const hasLine = lineNumber >= firstLine;
  const hasScript = scriptId === null ? hasLine : !NO_SCRIPTS.has(scriptId);
  return hasScript && !(isBun && isBuiltinOfBun(code)) ? 'eval' : 'native';
}

const NO_SCRIPTS: ReadonlySet<string> = new Set(['0', NO_SCRIPT]);

/**
 * JavaScriptCore's own functions in JavaScript share a script without a url. Each begins with `(function (`, whatever its
 * name is, so that its parameters are in column 10:
 * https://github.com/WebKit/WebKit/blob/main/Source/JavaScriptCore/builtins/BuiltinExecutables.cpp
 */
function isBuiltinOfBun({ name, lineNumber, columnNumber }: Code): boolean {
  return name !== '' && lineNumber === 0 && columnNumber === 10;
}
