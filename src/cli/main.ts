#!/usr/bin/env node
/** The bin: finds the quickest way to load the program on this Node, and starts it. */

import { enableCompileCache } from './compile-cache.ts';
import { compiledCode, evaluated, PROGRAM, scriptOf } from './compiled.ts';

type Program = typeof import('./program.ts');

function program(): Program {
  const code = compiledCode();
  if (code !== null) return evaluated<Program>(scriptOf(code));
  enableCompileCache();
  return require(PROGRAM);
}

void program().main();
