/** Processes as Linux describes them in /proc (https://man7.org/linux/man-pages/man5/proc.5.html). */

import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import path from 'node:path';
import { addTo } from '../base/maps.ts';
import { errnoCodeOf } from '../base/system-error.ts';
import type { Microseconds } from '../model/raw-profile.ts';

interface ProcessFacts {
  readonly pid: number;
  readonly parent: number;
  /** R, S, D, T, Z …; https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html */
  readonly state: string;
  /** Whether every user id of it (real, effective, saved, of files) is this one. */
  isOwnedBy(user: number): boolean;
  /** Whether it has a handler for SIGUSR1. */
  readonly catchesSigusr1: boolean;
  /** Whether a SIGUSR1 waits for it. */
  readonly hasPendingSigusr1: boolean;
}

/** Returns null if there is no such process. */
export function readProcess(pid: number): ProcessFacts | null {
  const text = read(`/proc/${pid}/status`);
  if (text === null) return null;
  const field = (name: string) => new RegExp(`^${name}:\\s*(.*)$`, 'm').exec(text)?.[1] ?? '';
  const signals = (name: string) => BigInt(`0x${field(name) || '0'}`);
  const users = field('Uid').split(/\s+/).map(Number);
  return {
    pid,
    parent: Number(field('PPid')),
    state: field('State').charAt(0),
    isOwnedBy: (user) => users.every((each) => each === user),
    catchesSigusr1: (signals('SigCgt') & SIGUSR1) !== 0n,
    hasPendingSigusr1: ((signals('SigPnd') | signals('ShdPnd')) & SIGUSR1) !== 0n,
  };
}

/** Bit of signal 10 in the masks of /proc/PID/status. */
const SIGUSR1 = 0x200n;

/** The file that the process runs, `(deleted)` removed; null if it is unknown or belongs to another user. */
export function executableOf(pid: number): string | null {
  return readLink(`/proc/${pid}/exe`)?.replace(/ \(deleted\)$/, '') ?? null;
}

/** By its name: node, nodejs, node22. */
export function isNamedNode(executable: string | null): boolean {
  return executable !== null && /^node(?:js)?-?v?[\d.]*$/.test(path.basename(executable));
}

/** The words of its command line. A program that sets `process.title` replaces them. */
export function commandLineOf(pid: number): string[] {
  const words = (read(`/proc/${pid}/cmdline`) ?? '').replace(/\0+$/, '').split('\0');
  return words[0] === '' ? [] : words;
}

/** `NAME=value` for each variable when it started; null if it has ended, or belongs to another user. */
export function environmentOf(pid: number): string[] | null {
  return read(`/proc/${pid}/environ`)?.split('\0') ?? null;
}

/** The words of NODE_OPTIONS when it started. */
export function nodeOptionsOf(pid: number): string[] {
  const options = environmentOf(pid)?.find((variable) => variable.startsWith('NODE_OPTIONS='));
  return (options?.slice('NODE_OPTIONS='.length) ?? '').split(/\s+/).filter((word) => word !== '');
}

/** The script of a Node process, its first word that is no option; '' for `node -e`. */
export function programOf(pid: number): string {
  const [, ...words] = commandLineOf(pid);
  const first = words.findIndex((word) => word !== '' && !word.startsWith('-'));
  const isCode = /^(?:-e|-p|-pe|--eval|--print)$/.test(words[first - 1] ?? '');
  return isCode ? '' : (words[first] ?? '');
}

/** Not one that has ended and waits for its parent, which in a container may never look. */
export function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0) && statFieldsOf(pid)?.[0] !== 'Z';
  } catch (error) {
    return errnoCodeOf(error) === 'EPERM'; // of another user
  }
}

/** All processes that can be seen. */
export function listPids(): number[] {
  return (readFolder('/proc') ?? []).filter((name) => /^\d+$/.test(name)).map(Number);
}

/** Of all threads of the process (https://man7.org/linux/man-pages/man5/proc_pid_task.5.html). */
export function childrenOf(pid: number): number[] {
  return (readFolder(`/proc/${pid}/task`) ?? []).flatMap((thread) =>
    (read(`/proc/${pid}/task/${thread}/children`) ?? '').split(' ').filter(Boolean).map(Number),
  );
}

/** The processes below one, children before their children; without this process. */
export function descendantsOf(pid: number): number[] {
  const children = new Map<number, number[]>();
  for (const each of listPids()) {
    addTo(children, readProcess(each)?.parent ?? 0, each);
  }
  const found = [pid];
  for (const each of found) found.push(...(children.get(each) ?? []).filter((child) => !found.includes(child)));
  return found.slice(1).filter((each) => each !== process.pid);
}

/** CPU time of the children that the process has waited for, and of theirs; null where it is not known. */
export function childrenCpuOf(pid: number): { readonly user: Microseconds; readonly system: Microseconds } | null {
  const [user, system] = (statFieldsOf(pid) ?? []).slice(13, 15).map((ticks) => Number(ticks) * TICK);
  return user === undefined || system === undefined ? null : { user, system };
}

/** µs. Linux tells programs times in hundredths of a second, whatever it counts in. */
const TICK = 10_000;

/** The processes of a group that have not ended. @param leader the group's id */
export function groupMembersOf(leader: number): number[] {
  return listPids().filter((pid) => {
    const [state, , group] = statFieldsOf(pid) ?? [];
    return group === String(leader) && state !== 'Z';
  });
}

/** CPU time of all threads of the process; null if it has ended or the kernel does not count. */
export function cpuTimeOf(pid: number): Microseconds | null {
  const threads = readFolder(`/proc/${pid}/task`);
  if (threads === null) return null;
  const times = threads.map(
    (thread) => Number(read(`/proc/${pid}/task/${thread}/schedstat`)?.split(' ')[0] ?? 0) / 1e3,
  );
  return times.reduce((sum, time) => sum + time, 0);
}

/** Distinguishes the process from a later one of the same pid: when it started, in ticks since the machine did. */
export function startTicksOf(pid: number): string | null {
  return statFieldsOf(pid)?.[19] ?? null;
}

/** The fields of /proc/PID/stat behind the name, which may hold spaces and parentheses: state, parent, group … */
export function statFieldsOf(pid: number | 'self'): string[] | null {
  const [, fields] = /^.*\) (.*)/s.exec(read(`/proc/${pid}/stat`) ?? '') ?? [];
  return fields?.split(' ') ?? null;
}

/** Whether the process has this process's network, and not that of a container. */
export function hasSameNetwork(pid: number): boolean {
  const own = readLink('/proc/self/ns/net');
  return own !== null && own === readLink(`/proc/${pid}/ns/net`);
}

/** As UTF-8, which Node reads without a buffer of 64 kB. */
function read(file: string): string | null {
  return attempt(() => readFileSync(file, 'utf8'));
}

function readFolder(folder: string): string[] | null {
  return attempt(() => readdirSync(folder));
}

function readLink(file: string): string | null {
  return attempt(() => readlinkSync(file));
}

/** Null where the process has ended, or belongs to another user. */
function attempt<Result>(work: () => Result): Result | null {
  try {
    return work();
  } catch {
    return null;
  }
}
