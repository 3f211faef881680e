/** Where a Node process would open its inspector, by the options it was started with. */

import { commandLineOf, nodeOptionsOf } from '../process-table.ts';

export interface InspectAddress {
  readonly host: string;
  /** 0: any that is free. */
  readonly port: number;
  /** Whether the options open it at the start, as `--inspect` does. */
  readonly isOpenFromStart: boolean;
  /** The option as it was written; null without one. */
  readonly option: string | null;
}

/** Where the inspector of a process is, or would open. */
export function findInspectAddress(pid: number): InspectAddress {
  return inspectAddressOf(commandLineOf(pid), nodeOptionsOf(pid));
}

/** Later options win, and those of the command line are behind NODE_OPTIONS (https://nodejs.org/api/cli.html#--inspect-porthostport). */
export function inspectAddressOf(commandLine: readonly string[], nodeOptions: readonly string[]): InspectAddress {
  let found: InspectAddress = { host: '127.0.0.1', port: DEFAULT_PORT, isOpenFromStart: false, option: null };
  for (const { name, value } of optionsIn([...nodeOptions, ...ownOptions(commandLine)])) {
    const { host, port } = parseHostPort(value, found);
    const isOpenFromStart = found.isOpenFromStart || OPENING.has(name);
    found = { host, port, isOpenFromStart, option: value === '' ? name : `${name}=${value}` };
  }
  return found;
}

const DEFAULT_PORT = 9229;

const OPENING: ReadonlySet<string> = new Set(['--inspect', '--inspect-brk', '--inspect-wait']);
const WITH_VALUE: ReadonlySet<string> = new Set(['--inspect-port', '--debug-port']);

/** The words before the script: those behind it are the program's. */
function ownOptions([, ...words]: readonly string[]): readonly string[] {
  const script = words.findIndex((word, i) => !word.startsWith('-') && !WITH_VALUE.has(words[i - 1] ?? ''));
  return script === -1 ? words : words.slice(0, script);
}

function* optionsIn(words: readonly string[]): Generator<{ name: string; value: string }> {
  for (const [i, word] of words.entries()) {
    const [name = '', value] = word.split('=', 2);
    if (WITH_VALUE.has(name)) yield { name, value: value ?? words[i + 1] ?? '' };
    else if (OPENING.has(name)) yield { name, value: value ?? '' };
  }
}

/** `9230`, `localhost`, `0.0.0.0:9229`, `[::]:0` */
function parseHostPort(text: string, before: { host: string; port: number }): { host: string; port: number } {
  if (text === '') return before;
  if (/^\d+$/.test(text)) return { host: before.host, port: Number(text) };
  const [, bracketed, plain, port] = /^(?:\[([^\]]*)\]|([^:]*))(?::(\d+))?$/.exec(text) ?? [];
  return { host: bracketed ?? plain ?? text, port: port === undefined ? before.port : Number(port) };
}
