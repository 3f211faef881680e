/** Runs pstat in this process with a fake environment. */

import { type ExitCode, run } from '../../src/cli/run.ts';

export interface World {
  /** Width of the terminal; undefined for a pipe. */
  readonly columns?: number;
  readonly env?: Readonly<Record<string, string>>;
  readonly stdin?: Uint8Array;
  /** Whether stdin is a file and not a pipe. */
  readonly stdinIsFile?: boolean;
  /** Whether the terminal opens links. */
  readonly links?: boolean;
}

export interface Outcome {
  readonly stdout: string;
  /** Binary output on stdout. */
  readonly bytes: Uint8Array;
  readonly stderr: string;
  readonly code: ExitCode;
}

/** Runs pstat with these arguments in the project's folder. */
export async function pstat(
  args: readonly string[],
  { columns, env = {}, stdin, stdinIsFile = false, links = false }: World = {},
): Promise<Outcome> {
  let stdout = '';
  const bytes: Uint8Array[] = [];
  let stderr = '';
  const code = await run(args, {
    stdout: {
      isTTY: columns !== undefined,
      columns,
      isOpen: true,
      opensLinks: async () => links,
      write: (data) => {
        if (typeof data === 'string') stdout += data;
        else bytes.push(data);
      },
    },
    stderr: {
      isTTY: false,
      columns: undefined,
      isOpen: true,
      opensLinks: async () => false,
      write: (data) => {
        stderr += String(data);
      },
    },
    stdin: (async function* () {
      if (stdin !== undefined) yield stdin;
    })(),
    stdinIsFile: () => stdinIsFile,
    env,
    terminal: null,
  });
  return { stdout, bytes: Buffer.concat(bytes), stderr, code };
}
