/** The package as npm installs it: packed, and installed in an empty folder. `npm run build` comes first. */

import { execFile, execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { temporaryFolder } from './temporary-folder.ts';

export interface InstalledPackage {
  /** A temporary folder. Whoever installs removes it. */
  readonly folder: string;
  readonly tarball: string;
  /** The script of the command. */
  readonly command: string;
}

export function installPackage(): InstalledPackage {
  if (!existsSync('dist/cli/main.js')) throw new Error('npm run build comes first');
  const folder = temporaryFolder('package');
  // Without scripts: `prepack` would build dist/ while other tests read it.
  npm(['pack', '--ignore-scripts', '--pack-destination', folder], process.cwd());
  const [name = ''] = readdirSync(folder);
  const tarball = path.join(folder, name);
  const project = path.join(folder, 'project');
  mkdirSync(project);
  npm(['install', '--ignore-scripts', '--offline', '--prefix', project, tarball], project);
  return { folder, tarball, command: path.join(project, 'node_modules/pstat-cli/dist/cli/main.js') };
}

function npm(args: readonly string[], cwd: string): void {
  execFileSync('npm', args, { cwd, stdio: 'pipe', shell: process.platform === 'win32' });
}

export interface Ending {
  readonly stdout: string;
  readonly stderr: string;
  readonly code: unknown;
}

/** Runs Node. `env` is added to the environment, in which the compile cache is off. */
export function runNode(args: readonly string[], env: NodeJS.ProcessEnv = {}, cwd?: string): Promise<Ending> {
  const { NODE_OPTIONS: _, ...inherited } = process.env;
  const environment = { ...inherited, NODE_DISABLE_COMPILE_CACHE: '1', ...env };
  return new Promise((resolve) => {
    execFile(process.execPath, args, { env: environment, cwd }, (error, stdout, stderr) =>
      resolve({ stdout, stderr, code: error === null ? 0 : error.code }),
    );
  });
}
