#!/usr/bin/env node
/** The command as npm installs it. Node keeps its compiled code between runs where it can. */

import { enableCompileCache } from './compile-cache.ts';

enableCompileCache();
// Loaded afterwards, so that it is compiled from the cache.
const { main } = await import('./program.ts');
await main();
