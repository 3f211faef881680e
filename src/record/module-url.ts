/** Modules of src/record that workers and preloads load by URL. */
type EntryModule = 'program/preload' | 'program/recorder' | 'request/register' | 'request/writer-thread';

/** Returns the URL of an entry module. Works from the sources and from the bundle, where the caller is a chunk. */
export function moduleUrl(name: EntryModule): URL {
  // What is loaded into recorded programs is CommonJS: see src/build/bundle.mjs.
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : name.startsWith('program/') ? 'cjs' : 'js';
  return new URL(`../record/${name}.${extension}`, import.meta.url);
}
