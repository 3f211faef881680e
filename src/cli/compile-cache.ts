import { lstatSync, mkdirSync, statSync } from 'node:fs';
import * as module from 'node:module';
import { homedir } from 'node:os';
import path from 'node:path';

/**
 * Lets Node keep compiled code between runs, where it can (22.1 and later):
 * https://nodejs.org/api/module.html#moduleenablecompilecacheoptions
 *
 * The folder must be one that only the user can write to, because Node runs the code in it. Node's default lies in the shared
 * temporary folder, where another user can have created it before. Without a safe folder, or with
 * NODE_DISABLE_COMPILE_CACHE, nothing is kept.
 */
export function enableCompileCache(): void {
  const enable: unknown = Reflect.get(module, 'enableCompileCache');
  if (typeof enable !== 'function' || process.env['NODE_DISABLE_COMPILE_CACHE'] !== undefined) return;
  const folder = cacheFolder();
  if (folder !== null) enable(folder);
}

/** The user's folder for compiled code, created if it does not exist; null if there is none that is safe. */
export function cacheFolder(env: NodeJS.ProcessEnv = process.env): string | null {
  try {
    const folder = path.join(userCacheFolder(env), 'pstat');
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    return isPrivate(folder) ? folder : null;
  } catch {
    return null;
  }
}

/** https://specifications.freedesktop.org/basedir-spec/latest/: relative paths are ignored. Throws without a home folder. */
function userCacheFolder({ XDG_CACHE_HOME, LOCALAPPDATA }: NodeJS.ProcessEnv): string {
  if (XDG_CACHE_HOME !== undefined && path.isAbsolute(XDG_CACHE_HOME)) return XDG_CACHE_HOME;
  if (process.platform === 'win32' && LOCALAPPDATA !== undefined) return LOCALAPPDATA;
  const home = homedir();
  // A home folder that does not exist is not created.
  statSync(home);
  return path.join(home, '.cache');
}

/** A folder of this user that nobody else can enter. A link is none: it could lead to a folder of another user. */
function isPrivate(folder: string): boolean {
  const stats = lstatSync(folder);
  if (!stats.isDirectory()) return false;
  if (process.getuid === undefined) return true;
  return stats.uid === process.getuid() && (stats.mode & 0o077) === 0;
}
