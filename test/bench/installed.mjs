/** pstat as npm installs it: packed, and installed in a temporary folder, which is removed when the bench ends. */

import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ROOT } from '../../src/build/esbuild-options.mjs';

const folder = mkdtempSync(path.join(tmpdir(), 'pstat-bench-package-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));

/** The folder of the installed package. */
export const PACKAGE = install();

/** The script of the command. */
export const PSTAT = path.join(PACKAGE, 'dist/cli/main.js');

function install() {
  // Without scripts: the bench is built already.
  npm(ROOT, 'pack', '--ignore-scripts', '--pack-destination', folder);
  const [tarball] = readdirSync(folder);
  const project = path.join(folder, 'project');
  mkdirSync(project);
  npm(project, 'install', '--ignore-scripts', '--offline', '--prefix', project, path.join(folder, tarball));
  return path.join(project, 'node_modules/pstat-cli');
}

function npm(cwd, ...args) {
  execFileSync('npm', [...args, '--loglevel=error'], {
    cwd,
    stdio: ['ignore', 'ignore', 'inherit'],
    shell: process.platform === 'win32',
  });
}
