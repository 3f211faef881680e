/** The files that cases read, made when they are first asked for, in one folder that the bench removes. */

import { execFileSync } from 'node:child_process';
import { existsSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { COMMON_JS_BANNER, ESBUILD_OPTIONS, ROOT } from '../../src/build/esbuild-options.mjs';

export { PACKAGE, PSTAT } from './installed.mjs';
export { ROOT };

export const SMALL_PROF = path.join(ROOT, 'samples/GET.resource_providers.prof');

/** A script or a file of the bench itself. */
export function benchFile(name) {
  return fileURLToPath(new URL(name, import.meta.url));
}

/** A profile of about that size: where it lies, and what it came to. `style` is compact or pretty. */
export function profileOf(folder, { megabytes, style = 'compact' }) {
  const file = path.join(folder, `${megabytes}-${style}.cpuprofile`);
  // In a process of its own: elsewhere than on Linux a child’s peak may count from what its parent holds.
  if (!existsSync(file))
    execFileSync(process.execPath, [benchFile('generate.mjs'), file, `${megabytes}`, `--${style}`]);
  return { file, megabytes: statSync(file).size / 1e6 };
}

/** For those that are too large to lie about until the end. */
export function discard({ file }) {
  rmSync(file);
}

/** What a case is where a package of the bench is missing: test/bench has packages of its own. */
export const NOT_INSTALLED = 'not installed: npm ci --prefix test/bench';

export function isInstalled(name) {
  return existsSync(benchFile(`node_modules/${name}`));
}

/** Bundles a script with the options of the command, or with others. Gives back the path of the bundle. */
export async function bundleScript(folder, script, others = {}) {
  const name = path.parse(script).name;
  const outdir = path.join(folder, name);
  await build({
    ...ESBUILD_OPTIONS,
    banner: COMMON_JS_BANNER,
    ...others,
    entryPoints: [script],
    outExtension: { '.js': '.mjs' },
    outdir,
  });
  return path.join(outdir, `${name}.mjs`);
}
