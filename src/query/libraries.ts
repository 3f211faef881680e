/** Which files belong to a dependency or to Python's standard library, by the folders that package managers make. */

import { decodeFileUrl, moduleFile } from '../base/url.ts';
import { PYTHON_MODULES } from './python-modules.ts';

/** A path below a folder of dependencies. */
export interface LibraryPath {
  /** The path from the package on: `express/lib/router.js`, `json/decoder.py`. */
  readonly path: string;
  /** The containing folder: `node_modules`, `site-packages`, `python3.11`. */
  readonly folder: string;
  /** Whether it is Python's standard library. */
  readonly isStandard: boolean;
  /** `express`, `@scope/name`, `sqlalchemy`; null for the standard library, and for a file of several packages. */
  readonly package: string | null;
}

/** Returns the path of a dependency's file in the innermost such folder; null for the app's own code. */
export function libraryPath(file: string): LibraryPath | null {
  const path = filePath(file);
  const parts = path.split(/[\\/]/);
  const isWindows = /^[A-Za-z]:|\\/.test(path.slice(0, MAX_PREFIX));
  const python = isWindows ? parts.findIndex((part) => PYTHON_INSTALLATION.test(part)) : -1;
  // From the innermost folder out. `start` is where the path below folder i begins.
  let start = path.length - (parts.at(-1)?.length ?? 0);
  for (let i = parts.length - 2; i >= 0; i--) {
    const folder = parts[i] ?? '';
    if (parts[i + 1] !== '') {
      const found = dependencyBelow(parts, i) ?? standardBelow(parts, i, python !== -1 && python < i);
      if (found !== null) return { folder, path: path.slice(start), ...found };
    }
    start -= folder.length + 1;
  }
  return null;
}

const MAX_PREFIX = 1000;

/** Returns the decoded path of a file URL, the URL of a page without its query, and any other file as it is. */
function filePath(file: string): string {
  if (/^https?:/.test(file)) return /^[^?#]*/.exec(file)?.[0] ?? file;
  return decodeFileUrl(moduleFile(file));
}

type Below = Omit<LibraryPath, 'path' | 'folder'> & Partial<Pick<LibraryPath, 'folder'>>;

/** What is below folder i if it holds dependencies. */
function dependencyBelow(parts: readonly string[], i: number): Below | null {
  const folder = parts[i] ?? '';
  const above = parts[i - 1] ?? '';
  const next = parts[i + 1] ?? '';
  if (holdsPackages(parts, i)) return dependency(packageAt(parts, i + 1));
  if (i === 2 && parts.slice(0, 3).join('/') === '/var/runtime') {
    return dependency(parts[4] === undefined ? 'aws-lambda' : packageAt(parts, 3));
  }
  // Vite's optimized dependencies: node_modules/.vite/deps/react-dom_client.js
  if (/^deps(?:_\w+)?$/.test(folder) && /^\.?vite$/.test(above)) {
    return { ...dependency(vitePackage(next)), folder: `${above}/${folder}` };
  }
  if (folder === '@vite') return dependency('vite');
  // Deno's cache: npm/registry.npmjs.org/express/4.18.2/index.js
  if (above === 'npm' && isVersion(parts[i + (next.startsWith('@') ? 3 : 2)])) {
    return dependency(packageAt(parts, i + 1));
  }
  // Bun's cache and JSPM's: install/cache/express@4.18.2@@@1/index.js, npm/express@4.18.2/index.js
  if (/^(?:install\/cache|jspm_packages\/npm)$/.test(`${above}/${folder}`) || parts[0] === 'https:') {
    const versioned = versionedPackage(parts, i + 1);
    if (versioned !== null) return dependency(versioned);
  }
  // Yarn itself: .yarn/releases/yarn-4.1.0.cjs, .pnp.cjs
  if ((folder === 'releases' && above === '.yarn') || /^\.pnp\.(?:c?js|loader\.mjs)$/.test(next)) {
    return dependency('yarn');
  }
  // Package managers of Corepack and Volta: corepack/v1/pnpm/8.15.0/dist/pnpm.cjs, tools/image/yarn/1.22.19/bin/yarn.js
  if (/^(?:corepack\/v1|.*\/corepack|tools\/image)$/s.test(`${above}/${folder}`) && isVersion(parts[i + 2])) {
    return dependency(next);
  }
  // webpack's own code in a source map: webpack:///webpack/bootstrap
  return folder === 'webpack' && i === 3 && parts[0] === 'webpack:' ? dependency('webpack') : null;
}

/** Whether each entry of folder i is a package. */
function holdsPackages(parts: readonly string[], i: number): boolean {
  const folder = parts[i] ?? '';
  const path = parts.slice(Math.max(0, i - 2), i + 1).join('/');
  return (
    /^(?:node_modules|site-packages|dist-packages|bower_components|web_modules|.*\.(?:egg|whl))$/s.test(folder) ||
    /^usr\/(?:share|lib)\/(?:nodejs|javascript)$/.test(path) || // Debian
    /^__pypackages__\/[^/]*\/lib$/.test(path) || // PDM
    /(?:^|\/)archive-v0\/[^/]*$/.test(path) || // uv's cache
    /(?:^|\/)lib\/(?!python)[^/]*\.zip$/.test(path) // beside the Python of Spark
  );
}

function dependency(name: string | null): Below {
  return { isStandard: false, package: name };
}

/** The package of `express@4.18.2`, `npm:@scope/name@1`, and of jsr.io's `@std/path/1.0.2`; null for others. */
function versionedPackage(parts: readonly string[], i: number): string | null {
  if (parts[i - 1]?.startsWith('@') === true) return null;
  const name = packageAt(parts, i).replace(/^npm:/, '');
  const [bare] = /^@?[^@]+(?=@v?\d)/.exec(name) ?? [];
  if (bare !== undefined) return bare;
  return name.startsWith('@') && isVersion(parts[i + 2]) ? name : null;
}

/** `express`, `@scope/name`, and `six` of `six.py` for a module that is one file. */
function packageAt(parts: readonly string[], i: number): string {
  const [first = '', second] = parts.slice(i, i + 2);
  if (first.startsWith('@') && second !== undefined) return `${first}/${second}`;
  return second === undefined ? first.replace(/\.(?:pyc?|[cm]?js)$/, '') : first;
}

/**
 * Vite writes `/` as `_`, `.` as `__` and ` > `, a dependency of a dependency, as `___`; the names of packages have rarely
 * any of these. A chunk is shared by packages.
 */
function vitePackage(file: string): string | null {
  if (/^chunk-/.test(file)) return null;
  const path = file
    .replace(/\.[cm]?js$/, '')
    .replace(/^.*___/s, '')
    .replaceAll('__', '.')
    .replaceAll('_', '/');
  return packageAt([...path.split('/'), ''], 0);
}

function isVersion(part: string | undefined): boolean {
  return part !== undefined && /^\d+\.\d+\.\d+/.test(part);
}

/** A folder of a Python installation, or of several, on Windows. */
const PYTHON_INSTALLATION = /python|pyenv|conda|forge|mamba|pypy|^envs$/i;

/**
 * What is below folder i if it is Python's standard library: `lib/python3.13t`, `lib/pypy3.9`, `lib/graalpy23.1`, PyPy's
 * `lib-python/3`, `python311.zip`, Pyodide's `python_stdlib.zip`; on Windows `Lib` in an installation, whose folder has
 * any name.
 */
function standardBelow(parts: readonly string[], i: number, isInPython: boolean): Below | null {
  const folder = parts[i] ?? '';
  const above = parts[i - 1] ?? '';
  const isUnix = /^(?:python|pypy|graalpy)\d[\d.]*[a-z]*$/.test(folder) && /^lib(?:32|64)?$/.test(above);
  const isPypy = (above === 'lib-python' && /^\d/.test(folder)) || folder === 'lib_pypy';
  const isZip = /^(?:python\d+|(?:python_)?stdlib)\.zip$/.test(folder);
  // Git Bash and Cygwin write C:\Python39\Lib as /c/Python39/Lib.
  const isLib = isInPython ? /^lib$/i.test(folder) : folder === 'Lib' && /^Python\d*$/.test(above);
  return isUnix || isPypy || isZip || (isLib && isModule(parts[i + 1])) ? { isStandard: true, package: null } : null;
}

function isModule(part = ''): boolean {
  return PYTHON_MODULES.has(part.replace(/\.pyc?$/, ''));
}
