/** Modules of src/record that workers and preloads load by URL. */
type EntryModule = 'program/preload' | 'program/flush-worker' | 'request/writer-thread';

/** Returns the URL of an entry module. Works from the sources and from the bundle, where the caller is a chunk. */
export function moduleUrl(name: EntryModule): URL {
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
  return new URL(`../record/${name}.${extension}`, import.meta.url);
}
