import { lstatSync, mkdirSync, statSync } from 'node:fs';
import * as module from 'node:module';
import { homedir } from 'node:os';
import path from 'node:path';

/**
 * Lets Node 22.1 and later keep compiled code between runs: https://nodejs.org/api/module.html#module-compile-cache
 *
 * In a folder that only the user can write to: what is in it runs as pstat. Node's own default is below the shared
 * temporary folder, where another user may have put code before. Without a safe folder nothing is kept.
 */
export function enableCompileCache(): void {
  const enable: unknown = Reflect.get(module, 'enableCompileCache');
  if (typeof enable !== 'function') return;
  const folder = cacheFolder();
  if (folder !== null) enable(folder);
}

/** The folder, made if it is not there; null where there can be none or where others may write to it. */
export function cacheFolder(env: NodeJS.ProcessEnv = process.env): string | null {
  try {
    const base = userCacheFolder(env);
    const folder = path.join(base, 'pstat');
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    return isOwn(folder) ? folder : null;
  } catch {
    return null;
  }
}

/** https://specifications.freedesktop.org/basedir-spec/latest/: relative paths are to be ignored. Throws without a home. */
function userCacheFolder({ XDG_CACHE_HOME, LOCALAPPDATA }: NodeJS.ProcessEnv): string {
  if (XDG_CACHE_HOME !== undefined && path.isAbsolute(XDG_CACHE_HOME)) return XDG_CACHE_HOME;
  if (process.platform === 'win32' && LOCALAPPDATA !== undefined) return LOCALAPPDATA;
  const home = homedir();
  // A home that does not exist is not to be made.
  statSync(home);
  return path.join(home, '.cache');
}

/** A link could lead to a folder of somebody else. */
function isOwn(folder: string): boolean {
  const found = lstatSync(folder);
  if (!found.isDirectory()) return false;
  if (process.getuid === undefined) return true;
  return found.uid === process.getuid() && (found.mode & 0o077) === 0;
}
