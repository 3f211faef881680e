/** Node's zlib, which takes longer to load than a small profile to read: only when something is packed. */

import { createRequire } from 'node:module';

export function zlib(): typeof import('node:zlib') {
  return createRequire(import.meta.url)('node:zlib');
}
