/**
 * The program as V8 compiled it before. Most of a short run would go by with compiling, and Node 20 keeps nothing of it:
 * so the build runs the program once and lays what V8 made of it beside the program (warm-up.ts). That fits the Node that
 * built it, started without flags for V8; V8 refuses it elsewhere, and compiles as ever. It is not published.
 *
 * V8 compares versions and lengths alone. So code is not offered that is older than the text beside it.
 */

import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { Script } from 'node:vm';

/** What stands in the folder of a bundled command. */
export const PROGRAM = path.join(__dirname, 'program.js');

/** Where the compiled code for this Node lies, if it lies anywhere. */
export const COMPILED = path.join(__dirname, `program.${process.version}-${process.platform}-${process.arch}.bin`);

/** Null where there is none, or none of this text: somebody may have changed the program since. */
export function compiledCode(): Buffer | null {
  try {
    return statSync(COMPILED).mtimeMs >= statSync(PROGRAM).mtimeMs ? readFileSync(COMPILED) : null;
  } catch {
    return null;
  }
}

const HEAD = Buffer.from('(function (exports, require, module, __filename, __dirname) {');
const FOOT = Buffer.from('\n})');

/** The program, with what V8 compiled of it before. */
export function scriptOf(cachedData?: Buffer): Script {
  // As bytes, for each text of this length makes V8 tidy up; as Latin-1, since the bundler writes ASCII alone.
  const wrapped = Buffer.concat([HEAD, readFileSync(PROGRAM), FOOT]).toString('latin1');
  return new Script(wrapped, { filename: PROGRAM, ...(cachedData !== undefined && { cachedData }) });
}

/** What the program exports, as `require` would give it. */
export function evaluated<Exports>(script: Script): Exports {
  const module = { exports: {} as Exports };
  script.runInThisContext()(module.exports, require, module, PROGRAM, __dirname);
  return module.exports;
}
