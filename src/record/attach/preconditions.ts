/** What must be true before a process gets the signal that opens its inspector. */

import { executableOf, hasSameNetwork, isNamedNode, readProcess } from '../process-table.ts';
import {
  noProcess,
  notNode,
  otherNetwork,
  otherUser,
  portTaken,
  processStopped,
  publicInspector,
  signalNotCaught,
} from './errors.ts';
import type { InspectAddress } from './inspect-options.ts';
import { isLoopback, networkSocketsOf } from './listening-sockets.ts';
import { runsNode } from './node-executable.ts';

/** Throws PstatError unless it is a Node process of this user that can be attached to. */
export function checkNodeProcess(pid: number): void {
  const facts = readProcess(pid);
  if (facts === null || facts.state === 'Z') throw noProcess(pid);
  if (!facts.isOwnedBy(process.getuid?.() ?? -1)) throw otherUser(pid);
  const executable = executableOf(pid);
  if (!isNamedNode(executable) || !runsNode(pid)) throw notNode(pid, executable);
  if (!hasSameNetwork(pid)) throw otherNetwork(pid);
}

/** Throws PstatError where SIGUSR1 would harm the process, or open an inspector to other machines, or none. */
export function checkSignal(pid: number, address: InspectAddress): void {
  const facts = readProcess(pid);
  if (facts === null) throw noProcess(pid);
  if (!facts.catchesSigusr1) throw signalNotCaught(pid);
  if (facts.state === 'T' || facts.state === 't') throw processStopped(pid);
  if (!isLoopback(address.host)) throw publicInspector(pid, address.option ?? address.host);
  const isTaken = address.port !== 0 && networkSocketsOf(pid).some(({ port }) => port === address.port);
  if (isTaken) throw portTaken(pid, address.port);
}
