/** Where code comes from: the app, a dependency, the runtime, a bundle. */

import { builtinModules } from 'node:module';
import { getOrInsert } from '../base/maps.ts';
import { at } from '../model/columns.ts';
import { type FunctionIndex, type FunctionKind, type FunctionTable, META_NAMES } from '../model/function-table.ts';
import { libraryPath } from './libraries.ts';

/** The package and the category of the functions of a table. */
export interface Origins {
  /** `(app)`, `(bundle)`, `node:`, `(standard library)`, `express`, the host of a script that is not of the page. */
  packageOf(fn: FunctionIndex): string;
  /** app, bundle, dependency, node, python, native, regexp, wasm, eval, gc, program or idle */
  categoryOf(fn: FunctionIndex): string;
  /** Whether a function is the user's own code: no library, native function or part of V8. WebAssembly counts as own. */
  isOwnCode(fn: FunctionIndex): boolean;
}

/** The group of functions without a file, in every grouping. */
export const WITHOUT_FILE: Readonly<Record<FunctionKind, string>> = {
  js: '(unknown)',
  python: '(unknown)',
  ...META_NAMES,
  native: '(native)',
  builtin: '(built-ins)',
  eval: '(eval)',
  wasm: '(wasm)',
  regexp: '(regexp)',
};

/** Kept, because filters and windows of a profile leave its functions as they are. */
const knownOrigins = new WeakMap<FunctionTable, Origins>();

/** A function's origin rests on all functions of the table, so that no filter changes it. */
export function originsOf(functions: FunctionTable): Origins {
  return getOrInsert(knownOrigins, functions, () => findOrigins(functions));
}

function findOrigins(functions: FunctionTable): Origins {
  const { kind: kinds, file: paths } = functions;
  const files = fileFacts(functions);
  const site = ownSite(files);
  const known = new Map<string, Origin>();
  const ofFile = (file: string) =>
    getOrInsert(known, file, () => {
      const facts = files.get(file);
      return originOfFile(file, { site, isBundle: facts !== undefined && isBundle(file, facts) });
    });
  const origins = kinds.map((kind, fn) =>
    kind === 'js' || kind === 'python' ? ofFile(at(paths, fn)) : { category: categoryOfKind(kind), package: null },
  );
  return {
    categoryOf: (fn) => at(origins, fn).category,
    isOwnCode: (fn) => OWN_CODE.has(at(origins, fn).category),
    packageOf: (fn) => (at(paths, fn) === '' ? null : at(origins, fn).package) ?? WITHOUT_FILE[at(kinds, fn)],
  };
}

const OWN_CODE: ReadonlySet<string> = new Set(['app', 'bundle', 'eval', 'wasm']);

interface Origin {
  readonly category: string;
  /** Null: the group of its kind. */
  readonly package: string | null;
}

function categoryOfKind(kind: FunctionKind): string {
  if (kind === 'none') return 'program';
  return kind === 'builtin' ? 'native' : kind;
}

interface Place {
  readonly site: string | null;
  readonly isBundle: boolean;
}

function originOfFile(file: string, { site, isBundle: isOfBundle }: Place): Origin {
  if (isRuntime(file)) return { category: 'node', package: 'node:' };
  if (/^<frozen /.test(file)) return { category: 'python', package: '(standard library)' };
  if (/^(?:<|data:|evalmachine)/.test(file)) return { category: 'eval', package: '(eval)' };
  const library = libraryPath(file);
  if (library?.isStandard === true) return { category: 'python', package: '(standard library)' };
  if (library !== null) return { category: 'dependency', package: library.package ?? '(bundle)' };
  const own = siteOf(file);
  if (own !== null && own.site !== site) return { category: 'dependency', package: own.host };
  return isOfBundle ? { category: 'bundle', package: '(bundle)' } : { category: 'app', package: '(app)' };
}

/** `node:fs`, Deno's `ext:core`, Bun's `bun:`, and `internal/…` and `fs.js` of Node before 16. */
function isRuntime(file: string): boolean {
  if (/^(?:node:|ext:|deno:|bun:|internal[\\/]|electron\/js2c\/)/.test(file)) return true;
  const [, bare] = /^(\w+)\.js$/.exec(file) ?? [];
  return bare !== undefined && builtinModules.includes(bare);
}

// ---- files ---------------------------------------------------------------------------------------------------------

interface FileFacts {
  functions: number;
  /** Functions in a column that hand-written code does not reach. */
  farRight: number;
}

/** Few lines of hand-written code are longer, and fewer have a function behind this column. */
const FAR_COLUMN = 500;

function fileFacts(functions: FunctionTable): ReadonlyMap<string, FileFacts> {
  const facts = new Map<string, FileFacts>();
  for (let fn = 0; fn < functions.length; fn++) {
    if (at(functions.kind, fn) !== 'js') continue;
    const file = at(functions.file, fn);
    const known = facts.get(file) ?? { functions: 0, farRight: 0 };
    known.functions++;
    if (at(functions.column, fn) > FAR_COLUMN) known.farRight++;
    facts.set(file, known);
  }
  return facts;
}

/**
 * Whether a file is minified, so that the packages in it cannot be distinguished: at least half of its functions are far to
 * the right. Sources that are compiled when they are loaded (.ts, .vue) are not bundles.
 */
function isBundle(file: string, { functions, farRight }: FileFacts): boolean {
  return farRight > 0 && 2 * farRight >= functions && /(?:\.[cm]?js|^[^.]*|\/)(?:[?#]|$)/.test(file);
}

// ---- sites ---------------------------------------------------------------------------------------------------------

interface Site {
  /** As a package: `www.example.com`, `chrome-extension://abc`. */
  readonly host: string;
  /** The domain of an organization, which serves its scripts from several hosts. */
  readonly site: string;
}

/** The site of a script from the network, of an extension or of the browser itself; null for other files. */
function siteOf(file: string): Site | null {
  const [, scheme = '', host = ''] =
    /^(https?|[a-z-]*extension|chrome|devtools|resource):\/\/(?:[^/?#@]*@)?([^/?#]+)/.exec(file) ?? [];
  if (host === '') return null;
  if (!scheme.startsWith('http')) return { host: `${scheme}://${host}`, site: `${scheme}://${host}` };
  return { host, site: isLocal(host) ? LOCAL : domainOf(host) };
}

const LOCAL = 'localhost';

/** Loopback and private addresses, and names of the local network. */
function isLocal(host: string): boolean {
  return /^(?:localhost|127\.|10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.|0\.0\.0\.0|\[)|\.(?:local|localhost|test|internal)(?::|$)/.test(
    host,
  );
}

/** `example.com` of `static.example.com:8080`, `example.co.uk` of `www.example.co.uk`. */
function domainOf(host: string): string {
  const labels = host.replace(/:\d+$/, '').split('.');
  const isCountry = labels.at(-1)?.length === 2 && (labels.at(-2)?.length ?? 0) <= 3;
  return labels.slice(isCountry ? -3 : -2).join('.');
}

/**
 * The site of the app, null if the app is read from files. A profile does not name its page: the app is what is served
 * from this machine, or else from the site with the most functions, the first of equal ones; an extension only by itself.
 */
function ownSite(files: ReadonlyMap<string, FileFacts>): string | null {
  const functions = new Map<string, number>();
  for (const [file, { functions: count }] of files) {
    const site = siteOf(file)?.site ?? (isOwnFile(file) ? FILES : null);
    if (site !== null && libraryPath(file) === null) functions.set(site, (functions.get(site) ?? 0) + count);
  }
  if (functions.has(LOCAL)) return LOCAL;
  if (functions.has(FILES)) return null;
  const pages = [...functions].filter(([site]) => !site.includes('://'));
  const [[first] = [null]] = (pages.length > 0 ? pages : [...functions]).sort(([, a], [, b]) => b - a);
  return first;
}

const FILES = 'files';

function isOwnFile(file: string): boolean {
  return /^(?:file:|[\\/]|[A-Za-z]:[\\/])/.test(file);
}
