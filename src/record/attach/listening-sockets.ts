/** The TCP sockets of a process: those on which it listens, and its connections, from /proc (https://docs.kernel.org/networking/proc_net_tcp.html). */

import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

export interface ListeningSocket {
  /** `127.0.0.1`, or `::1` as eight groups. */
  readonly address: string;
  readonly port: number;
  /** User of the process that opened it. */
  readonly uid: number;
  readonly inode: string;
}

/** States of include/net/tcp_states.h. */
const ESTABLISHED = '01';
const LISTEN = '0A';

/** The listening sockets of one process. */
export function listeningSocketsOf(pid: number): ListeningSocket[] {
  const own = new Set(descriptorsOf(pid).map(({ inode }) => inode));
  return networkSocketsOf(pid).filter(({ inode }) => own.has(inode));
}

/** A connection that a process has accepted. */
interface Connection {
  /** Its descriptor in the process. */
  readonly descriptor: number;
  readonly inode: string;
}

/** The open connections of a process to one of its ports. */
export function connectionsTo(pid: number, port: number): Connection[] {
  const inodes = new Set(socketsOf(pid, ESTABLISHED).flatMap((socket) => (socket.port === port ? [socket.inode] : [])));
  return descriptorsOf(pid).filter(({ inode }) => inodes.has(inode));
}

/** All listening sockets of the network that the process is in, whoever has them. */
export function networkSocketsOf(pid: number): ListeningSocket[] {
  return socketsOf(pid, LISTEN);
}

function socketsOf(pid: number, state: string): ListeningSocket[] {
  return ['tcp', 'tcp6'].flatMap((table) => {
    try {
      return parseSocketTable(readFileSync(`/proc/${pid}/net/${table}`, 'latin1'), state);
    } catch {
      return []; // the process has ended, or there is no IPv6
    }
  });
}

/** Parses /proc/net/tcp or tcp6; keeps the sockets of one state. */
export function parseSocketTable(text: string, wanted = LISTEN): ListeningSocket[] {
  return text
    .split('\n')
    .slice(1)
    .flatMap((line) => {
      const [, local = '', , state, , , , uid, , inode = ''] = line.trim().split(/\s+/);
      const [address = '', port = ''] = local.split(':');
      return state === wanted
        ? [{ address: parseAddress(address), port: Number.parseInt(port, 16), uid: Number(uid), inode }]
        : [];
    });
}

/** The kernel prints words of 32 bits in the byte order of the machine, which is little-endian wherever Node runs on Linux but s390x. */
function parseAddress(hex: string): string {
  const words = (hex.match(/.{8}/g) ?? []).map((word) => Buffer.from(word, 'hex').reverse());
  const bytes = Buffer.concat(words);
  const isMapped = /^0{16}FFFF0000/i.test(hex); // IPv4 as IPv6
  if (bytes.length === 4 || isMapped) return bytes.subarray(-4).join('.');
  return Array.from({ length: 8 }, (_, i) => bytes.readUInt16BE(2 * i).toString(16)).join(':');
}

/** Whether only programs on this machine reach the address. */
export function isLoopback(address: string): boolean {
  return /^127\.|^::1$|^0:0:0:0:0:0:0:1$|^localhost$/i.test(address);
}

/** Its sockets; none if the process has ended, or belongs to another user. */
function descriptorsOf(pid: number): Connection[] {
  try {
    return readdirSync(`/proc/${pid}/fd`).flatMap((descriptor) => {
      const inode = inodeOf(`/proc/${pid}/fd/${descriptor}`);
      return inode === null ? [] : [{ descriptor: Number(descriptor), inode }];
    });
  } catch {
    return [];
  }
}

function inodeOf(descriptor: string): string | null {
  try {
    return /^socket:\[(\d+)\]$/.exec(readlinkSync(descriptor))?.[1] ?? null;
  } catch {
    return null; // closed meanwhile
  }
}
