/**
 * Learns of a process's end, signals and workers without a listener, which the program would see. The replaced methods
 * behave as before, also for a program that replaces those of EventEmitter.
 */

import { apply, defineProperty, getPrototypeOf } from './natives.ts';

interface ProcessHooks {
  /** After all listeners of `exit`, which belong to the program and may take long. May be called twice. */
  onExit(): void;
  /** Before the process sends a signal. */
  onKill(pid: number, signal: number): void;
  /** Before an event reaches the program's listeners. Returns whether it is pstat's own, and not for them. */
  onEvent(name: unknown, values: readonly unknown[]): boolean;
}

type Methods = Record<'emit' | 'reallyExit' | '_kill', (...args: unknown[]) => unknown>;

/** Keep the names of the functions: hook-names.ts lists them. */
export function hookProcess({ onExit, onKill, onEvent }: ProcessHooks): void {
  const methods = process as unknown as Methods;
  const { reallyExit, _kill: kill } = methods;
  replaceMethod('emit', function emitOfProcess(this: unknown, type: unknown, ...values: unknown[]): unknown {
    try {
      if (onEvent(type, values)) return false;
    } catch {
      // The program must not notice.
    }
    try {
      return apply((getPrototypeOf(process) as Methods).emit, this, [type, ...values]);
    } finally {
      if (type === 'exit') ignoreErrors(onExit);
    }
  });
  // A listener of `exit` that calls `process.exit` ends the process without another event.
  replaceMethod('reallyExit', function reallyExitOfProcess(...args): unknown {
    ignoreErrors(onExit);
    return apply(reallyExit, process, args);
  });
  replaceMethod('_kill', function killOfProcess(...args): unknown {
    ignoreErrors(() => onKill(Number(args[0]), Number(args[1])));
    return apply(kill, process, args);
  });
}

function replaceMethod(name: keyof Methods, value: (...args: unknown[]) => unknown): void {
  if (name !== 'emit' && !(name in process)) return;
  defineProperty(value, 'name', { value: name, configurable: true });
  defineProperty(process, name, { value, configurable: true, writable: true, enumerable: false });
}

function ignoreErrors(work: () => void): void {
  try {
    work();
  } catch {
    // The program must not notice.
  }
}
