import { PstatError } from '../base/errors.ts';
import { errnoCodeOf } from '../base/system-error.ts';
import { cannotRead } from './errors.ts';

/**
 * The error to throw for a file: a PstatError with its source, "cannot be read" for an error of the operating system.
 * Any other error is a defect of pstat and stays as it is.
 */
export function readErrorFor(source: string, error: unknown): unknown {
  if (error instanceof PstatError) return error.in(source);
  const code = errnoCodeOf(error);
  return code === null ? error : cannotRead(source, code);
}
