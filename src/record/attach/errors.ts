/** Errors of `pstat attach`: one sentence each, before anything is sent to the process. */

import { PstatError, queryError } from '../../base/errors.ts';
import { listFirst, quote } from '../../base/text.ts';

export function badTarget(text: string): PstatError {
  return queryError(
    `${quote(text)} is not a process id (4711), a port (:3000, localhost:9229) or the URL of an inspector (ws://…); \`pstat attach\` lists processes`,
  );
}

export function noProcess(pid: number): PstatError {
  return queryError(`there is no process ${pid}; \`pstat attach\` lists the Node processes of this user`);
}

export function linuxOnly(): PstatError {
  return queryError(
    'processes can be attached to on Linux alone; elsewhere start the program with --inspect and name its port: `pstat attach :9229`',
  );
}

export function portOfOtherUser(port: number): PstatError {
  return queryError(
    `the process that listens on port ${port} belongs to another user; run pstat as that user: \`sudo -u USER pstat attach :${port}\``,
  );
}

export function otherUser(pid: number): PstatError {
  return queryError(
    `process ${pid} belongs to another user; run pstat as that user: \`sudo -u USER pstat attach ${pid}\``,
  );
}

/** @param executable null if it is not known */
export function notNode(pid: number, executable: string | null): PstatError {
  const fact =
    executable === null
      ? 'runs no program that can be read'
      : `is not Node but ${quote(executable)}, which the signal of attach could kill`;
  return queryError(`process ${pid} ${fact}; nothing was sent`);
}

export function signalNotCaught(pid: number): PstatError {
  return queryError(
    `process ${pid} does not take SIGUSR1, which would kill it: it runs with --disable-sigusr1 or --permission, or only just starts; nothing was sent`,
  );
}

export function processStopped(pid: number): PstatError {
  return queryError(`process ${pid} is stopped; continue it first: \`kill -CONT ${pid}\``);
}

export function otherNetwork(pid: number): PstatError {
  return queryError(`process ${pid} is in a container's network; run pstat inside the container`);
}

export function publicInspector(pid: number, option: string): PstatError {
  return queryError(
    `process ${pid} was started with ${quote(option)}: its inspector would be open to other machines; nothing was sent`,
  );
}

export function portTaken(pid: number, port: number): PstatError {
  return queryError(
    `the inspector of process ${pid} would open port ${port}, which is taken; start the program with another --inspect-port`,
  );
}

export function noInspectorOpened(pid: number): PstatError {
  return queryError(
    `process ${pid} took SIGUSR1 and opened no inspector: the program has a listener of its own for this signal, which has run once`,
  );
}

export function cannotMove(pid: number, port: number): PstatError {
  return queryError(
    `the inspector of process ${pid} did not leave port ${port} to the other processes; attach to them one by one`,
  );
}

export function descriptorsHidden(pid: number, place: string): PstatError {
  return queryError(
    `process ${pid} hides /proc/self/fd from its own code, so that its inspector at ${place} could not be closed safely and is open; name it by its port to record`,
  );
}

export function publicSocket(pid: number, address: string): PstatError {
  return queryError(
    `process ${pid} opened its inspector on ${quote(address)}, open to other machines; it was closed again`,
  );
}

/** @param reason words of pstat, a code of the system, or the message of a WebSocket */
export function noInspector(place: string, reason: string): PstatError {
  const known = [...REASONS].find(([pattern]) => pattern.test(reason));
  return queryError(`no inspector answers at ${quote(place)}: ${known?.[1] ?? reason}`);
}

const REASONS: ReadonlyMap<RegExp, string> = new Map([
  [/ECONNREFUSED/, 'nothing listens there'],
  [/ENOTFOUND|EAI_AGAIN/, 'the name of the machine is not known'],
  [/EPROTO|unexpected server response/i, 'it speaks another protocol'],
  // All that the WebSocket of Node says.
  [/non-101 status/, 'nothing listens there, or it speaks another protocol'],
]);

export function severalTargets(place: string, targets: readonly string[]): PstatError {
  return queryError(`${quote(place)} has ${targets.length} pages; name one by its URL: ${listFirst(targets, 4)}`);
}

/** @param method of the inspector protocol */
export function protocolError(method: string, message: string): PstatError {
  return queryError(`the inspector refuses ${method}: ${message}`);
}

/** @param error an answer to the first call of a domain */
export function isUnknownDomain(error: unknown): boolean {
  return error instanceof PstatError && /not found|unknown|unsupported/i.test(error.message);
}

export function noProfiler(): PstatError {
  return queryError(
    'the inspector has no profiler of V8, as that of Bun, which writes profiles itself: `bun --cpu-prof app.js`',
  );
}

export function noAnswer(method: string): PstatError {
  return queryError(`the program does not answer ${method}; its thread may be blocked outside of JavaScript`);
}

export function connectionClosed(): PstatError {
  return queryError('the program ended, or closed its inspector');
}

export function installationUnreadable(pid: number, file: string): PstatError {
  return queryError(
    `process ${pid} cannot read ${quote(file)}, the profiler of requests; plain \`pstat attach\` works without it`,
  );
}

export function alreadyAttached(pid: number): PstatError {
  return queryError(`the requests of process ${pid} are profiled already; \`pstat detach ${pid}\` ends that`);
}

export function tooOldForRequests(pid: number, version: string): PstatError {
  return queryError(`process ${pid} runs Node ${version}; profiling requests needs 20.19, 22.12 or later`);
}

export function notNodeToWatch(): PstatError {
  return queryError(
    'the end of a recording alone can be kept of Node programs only; record others from the start to the end',
  );
}

export function profiledByNode(pid: number): PstatError {
  return queryError(
    `process ${pid} runs under --cpu-prof or coverage: it is recorded from the start to the end, and the end alone cannot be kept`,
  );
}
