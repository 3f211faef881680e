/** Why a file could not be read: in Python's words on stdout, and in pstat's, where they say more, on stderr. */

import { open, stat } from 'node:fs/promises';
import { PstatError } from '../../base/errors.ts';
import { systemErrorCode } from '../../base/system-error.ts';
import { modificationTime } from '../../input/load.ts';
import { contentRefusal, systemReason } from '../../pstats/cpython-messages.ts';
import { ctime, stringRepr } from '../../pstats/python-text.ts';
import type { RenderOptions } from '../../render/render.ts';
import { type Reply, SILENCE, saying } from './reply.ts';

/** A name that the system cannot be asked for. */
const NUL_IN_NAME = 'ERR_INVALID_ARG_VALUE';

/** As `read` says it. Any other error than a PstatError is thrown on. */
export async function readFailure(error: unknown, name: string, { terminal }: RenderOptions): Promise<Reply> {
  if (!(error instanceof PstatError)) throw error;
  const code = await systemRefusal(name);
  const err = `pstat: ${error.message}\n`;
  if (code === NUL_IN_NAME) return saying('ValueError: embedded null byte');
  if (code !== null) return { ...saying(systemReason(code).text), err: code === FOLDER ? err : '' };
  // A person needs one of the two, the better one.
  if (terminal === true || error.kind === 'missing-data') return { ...SILENCE, err };
  return { ...saying(...(await pythonRefusal(name))), err };
}

/** As `add` says it, where Python comes to its end for what is no profile. */
export async function loadFailure(error: unknown, name: string): Promise<Reply> {
  if (!(error instanceof PstatError)) throw error;
  const code = await systemRefusal(name);
  const start = `Failed to load statistics for ${name}:`;
  if (code === null || code === NUL_IN_NAME)
    return saying(`${start} ${error.source === null ? error.message : error.fact}`);
  const { number, text } = systemReason(code);
  const err = code === FOLDER ? `pstat: ${error.message}\n` : '';
  return { ...saying(`${start} [Errno ${number}] ${text}: ${stringRepr(name)}`), err };
}

/** The code with which the system refuses to open a file; null where it does not. */
async function systemRefusal(name: string): Promise<string | null> {
  try {
    const handle = await open(name);
    const isFolder = (await handle.stat()).isDirectory();
    await handle.close();
    return isFolder ? FOLDER : null;
  } catch (error) {
    return systemErrorCode(error);
  }
}

async function pythonRefusal(name: string): Promise<readonly string[]> {
  const { size } = await stat(name);
  const handle = await open(name);
  try {
    const bytes = Buffer.alloc(Math.min(size, MOST_BYTES));
    const { bytesRead } = await handle.read(bytes, 0, bytes.length, 0);
    return contentRefusal(bytes.subarray(0, bytesRead), `${ctime((await modificationTime(name)) ?? 0)}    ${name}`);
  } finally {
    await handle.close();
  }
}

/** pstat reads folders, so this is not why it did not. */
const FOLDER = 'EISDIR';

/** What no Python profiler writes. */
const MOST_BYTES = 2 ** 26;
