/** npm and its like, which only start the program in a process of its own. */

import { realpathSync } from 'node:fs';
import type { ThreadIdentity } from './spool-format.ts';

/** Leaves them out, unless nothing else ran. */
export function leaveOutPackageManagers<Spool extends { readonly thread: ThreadIdentity }>(
  spools: readonly Spool[],
): readonly Spool[] {
  const others = spools.filter(({ thread }) => !isPackageManager(thread.program));
  return others.length === 0 ? spools : others;
}

/** By the package that the file belongs to: a program of the user may be called yarn.js. */
export function isPackageManager(program: string): boolean {
  return /[\\/]node_modules[\\/](?:npm|pnpm|yarn|corepack|@yarnpkg[\\/]cli(?:-dist)?)[\\/]|[\\/]\.yarn[\\/]releases[\\/]|[\\/]corepack[\\/](?:v1[\\/])?(?:npm|pnpm|yarn)[\\/]/.test(
    resolveLinks(program),
  );
}

/** `npm` is a link into its package. */
function resolveLinks(file: string): string {
  try {
    return realpathSync(file);
  } catch {
    return file;
  }
}
