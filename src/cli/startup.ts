/** What ends pstat with a message of one line instead of a stack, whichever file was being loaded. */

/** `engines` in package.json. */
const OLDEST_NODE = '20.19';

/** EX_SOFTWARE of sysexits.h: an internal error, distinguished from everything that a command can report. */
const INTERNAL_ERROR = 70;

/** How a command ends that cannot go on. */
export interface Failure {
  readonly message: string;
  readonly exitCode: number;
}

/** @param version of Node, such as `18.20.8`. Null if it is new enough */
export function outdatedNode(version: string): Failure | null {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [oldestMajor = 0, oldestMinor = 0] = OLDEST_NODE.split('.').map(Number);
  if (major > oldestMajor || (major === oldestMajor && minor >= oldestMinor)) return null;
  return { message: `this is Node ${version}, and pstat needs Node ${OLDEST_NODE} or later`, exitCode: 2 };
}

/** The current folder is gone, a part of the package is damaged; anything else is a defect, with its stack. */
export function failureOf(error: unknown): Failure {
  if (!(error instanceof Error)) return internalError(String(error));
  const { code, syscall, message, stack = message } = error as NodeJS.ErrnoException;
  if (syscall === 'uv_cwd') {
    return { message: 'the current folder no longer exists; change to another one', exitCode: 2 };
  }
  if (code === 'EMFILE' || code === 'ENFILE') {
    return { message: 'too many open files; raise the limit with `ulimit -n`', exitCode: 2 };
  }
  const isOfLoader = /^.*\n *at .*node:internal\/modules\//.test(stack);
  const isUnloaded = isOfLoader && (error instanceof SyntaxError || syscall !== undefined);
  if (!isUnloaded && code !== 'ERR_MODULE_NOT_FOUND') return internalError(stack);
  return { message: `a part of pstat cannot be loaded (${message}); install it again`, exitCode: INTERNAL_ERROR };
}

/** @param what the message, and the stack where there is one */
export function internalError(what: string): Failure {
  return {
    message: `internal error: ${what}\nThis is a bug in pstat; please report it.`,
    exitCode: INTERNAL_ERROR,
  };
}
