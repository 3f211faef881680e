/** A module of this folder that is loaded by itself, where the sources lie and in the bundle, whose chunks lie beside it. */
export function ownFile(name: 'attach' | 'kicker' | 'thread'): URL {
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
  return new URL(`../record/${name}.${extension}`, import.meta.url);
}
