/** Modules of src/record that workers, preloads and pstat load by URL. */
type EntryModule =
  | 'attach/socket'
  | 'program/preload'
  | 'program/recorder'
  | 'request/profile-servers'
  | 'request/register'
  | 'request/writer-thread';

/** Returns the URL of an entry module. Works from the sources and from the bundle, where the caller is a chunk. */
export function moduleUrl(name: EntryModule): URL {
  // What is loaded into recorded programs, and ws, is CommonJS: see src/build/bundle.mjs.
  const extension = import.meta.url.endsWith('.ts')
    ? 'ts'
    : /^(?:attach|program)\/|^request\/profile-servers$/.test(name)
      ? 'cjs'
      : 'js';
  return new URL(`../record/${name}.${extension}`, import.meta.url);
}
