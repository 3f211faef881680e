/** What is said when the profiler cannot do its work. Said once each, and never to the client of a request. */

import { visible } from '../base/text.ts';

export type Warn = (warning: string) => void;

/** A `Warn` that says the same thing once, as warnings of Node. */
export function warnOnce(): Warn {
  const said = new Set<string>();
  return (warning) => {
    if (said.has(warning)) return;
    said.add(warning);
    // A process that ends prints no warnings any more: they wait for the next tick.
    if (isEnding()) process.stderr.write(`(node:${process.pid}) PstatWarning: ${warning}\n`);
    else process.emitWarning(warning, 'PstatWarning');
  };
}

function isEnding(): boolean {
  return (process as { _exiting?: boolean })._exiting === true;
}

export function cannotProfile(error: unknown): string {
  return `requests are not profiled: ${reasonOf(error)}`;
}

export function cannotWrite(dir: string, reason: string): string {
  return `no profile can be written to ${visible(dir)}: ${visible(reason)}; requests are served all the same`;
}

/** @param option `when` or `name` */
export function optionThrew(option: string, error: unknown): string {
  return `the profiler's option ${option} threw: ${reasonOf(error)}`;
}

export function somethingFailed(error: unknown): string {
  return `a profile may be incomplete: ${reasonOf(error)}`;
}

/** One line, without the paths that a system's error may end in: they differ every time. */
export function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return visible((message.split('\n', 1)[0] ?? '').replace(/^(E[A-Z]+: [^,]*), .*$/, '$1'));
}
