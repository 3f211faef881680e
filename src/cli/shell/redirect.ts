/** Redirects an answer to a file or to a command of the system's shell. */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFile } from 'node:fs/promises';
import { cannotWrite, PstatError } from '../../base/errors.ts';
import { systemErrorCode } from '../../base/system-error.ts';
import type { Io } from '../io.ts';
import { PRIVATE_MODE, writeFileWhole } from '../write-file.ts';
import { commandFailed } from './errors.ts';
import type { Target } from './parse-line.ts';

/** Throws PstatError: `unreadable` if the file cannot be written, `query` if the command fails to start. */
export async function redirect(text: string, target: Exclude<Target, { kind: 'screen' }>, { env }: Io): Promise<void> {
  if (target.kind === 'pager') return pipeTo(text, target.command ?? (env['PAGER'] || 'less'), env);
  const { file, append } = target;
  if (!append) return writeFileWhole(file, Buffer.from(text));
  try {
    await appendFile(file, text, { mode: PRIVATE_MODE });
  } catch (error) {
    throw cannotWrite(file, systemErrorCode(error));
  }
}

/**
 * Waits for the command to end. Text that it does not read is lost, as with any pipe. Node throws at once for a zero byte in
 * the command, a command that is too long, and under --permission.
 */
async function pipeTo(text: string, command: string, env: Io['env']): Promise<void> {
  try {
    // As git sets it: with F, less exits if the text fits on the screen.
    const child = spawn(command, { shell: true, stdio: ['pipe', 'inherit', 'inherit'], env: { LESS: 'FRX', ...env } });
    const closed = once(child, 'close');
    // Without a pipe (too many open files) there is no stdin, and `closed` fails.
    child.stdin?.on('error', () => {});
    child.stdin?.end(text);
    const [code] = await closed;
    if (code === 127) throw commandFailed(command, 'no such command');
  } catch (error) {
    throw error instanceof PstatError ? error : commandFailed(command, systemErrorCode(error));
  }
}
