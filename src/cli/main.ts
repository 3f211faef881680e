#!/usr/bin/env node
/** The command as npm installs it. */

import { enableCompileCache } from './compile-cache.ts';

enableCompileCache();
// A dynamic import, so that Node looks for its compiled code in the cache.
const { main } = await import('./program.ts');
await main();
