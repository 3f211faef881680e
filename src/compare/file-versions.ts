/** Paths of files without what differs between versions: hashes of bundlers, folders of versions. */

/**
 * Six to 64 characters with a digit among them, or eight in both cases or of esbuild's base 32, as bundlers put before the
 * endings: `.js`, `.chunk.js`, `.bundle.min.js`, Turbopack's `._.js`.
 */
const CONTENT_HASH =
  /(?:[.-]|__)(?:(?=[\w-]{0,63}\d)[\w-]{6,64}|(?=[\w-]{0,7}[a-z])(?=[\w-]{0,7}[A-Z])[\w-]{8}|[A-Z2-7]{8})(?=(?:\.[a-z_][a-z-]*){1,3}$)/;

/** No system has longer file names. */
const MAX_NAME_LENGTH = 255;

/** The path without query, without the hash in `main.3f2a9c1b.js`, without versions as folders or behind an `@`. */
export function withoutVersions(file: string): string {
  const parts = file.replace(/[?#].*$/s, '').split(/[\\/]/);
  const name = parts.pop() ?? '';
  const folders = parts.map((folder) => (/^v?\d+\.\d/.test(folder) ? '' : withoutVersion(folder)));
  const hashless = name.length > MAX_NAME_LENGTH ? name : name.replace(CONTENT_HASH, '');
  return [...folders, withoutVersion(hashless)].join('/');
}

function withoutVersion(part: string): string {
  return part.replace(/@v?\d.*$/s, '');
}
