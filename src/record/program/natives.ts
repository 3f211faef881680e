/**
 * Functions of Node and of the language, taken when the recorder loads. A program replaces them later: fake timers
 * freeze clocks, mocks replace `fs`, old libraries give arrays a `toJSON`. The recorder uses nothing else once the
 * program runs: no method of a prototype, no iterator, no property of a module.
 */

import fs from 'node:fs';
import inspector from 'node:inspector';
import timers from 'node:timers';

export const { apply, getPrototypeOf, defineProperty } = Reflect;
export const { openSync, writeSync, closeSync, fstatSync, unlinkSync } = fs;
export const { setTimeout, setInterval } = timers;
export const toBytes: (text: string) => Uint8Array = Buffer.from;
export const {
  load: loadAtomic,
  store: storeAtomic,
  add: addAtomic,
  wait: waitAtomic,
  notify: notifyAtomic,
  compareExchange,
} = Atomics;
export const { profile: beginProfile, profileEnd: endProfile } = inspector.console as unknown as {
  profile(title: string): void;
  profileEnd(title: string): void;
};

const { stringify } = JSON;
const { listenerCount, kill } = process;

/** The number of the process's listeners of an event. */
export function getListenerCount(name: string): number {
  return apply(listenerCount, process, [name]);
}

/** Whether there is such a process; true where that cannot be told. */
export function mayRun(pid: number): boolean {
  try {
    return apply(kill, process, [pid, 0]);
  } catch (error) {
    return (error as NodeJS.ErrnoException)?.code !== 'ESRCH';
  }
}

/** Of a text or a number only: `JSON.stringify` calls the `toJSON` of anything else. */
export function toJson(value: string | number): string {
  return stringify(value);
}

/** Changes the list: a property of its own hides the `toJSON` that a program gives to arrays. */
export function numbersToJson(list: readonly number[]): string {
  defineProperty(list, 'toJSON', NO_VALUE);
  return stringify(list);
}

/** Without a prototype, to which a program may add a getter. */
const NO_VALUE: PropertyDescriptor = Object.assign(Object.create(null), { value: undefined });
