/** Modules of src/record that workers and preloads start with. */
type OwnModule = 'program/preload' | 'program/flush-worker' | 'request/writer-thread';

/** The URL of such a module, among the sources and in the bundle, where it is called from a chunk beside its folder. */
export function moduleUrl(name: OwnModule): URL {
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
  return new URL(`../record/${name}.${extension}`, import.meta.url);
}
