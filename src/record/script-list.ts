/**
 * The scripts of this thread with their source maps, for `pstat.scripts`. Runs inside the user's program.
 *
 * The inspector reports every script again when its debugger is enabled
 * (https://chromedevtools.github.io/devtools-protocol/tot/Debugger/#event-scriptParsed), those that tsx, ts-node and vitest
 * transpile in memory included. That takes 30 to 230 ms for 100 to 450 scripts, so it is for a thread that ends.
 */

import type { Session } from 'node:inspector';

export interface ListedScript {
  /** As call frames name it. */
  readonly url: string;
  /** `data:` with the map, or the address of its file; `''` for none. */
  readonly sourceMapURL: string;
  /** The text that V8 compiled; absent if it is not wanted. */
  readonly source?: string;
}

/**
 * Returns the program's scripts that have a source map, or all of them if their texts are wanted. Never throws, and returns
 * nothing where Node has no inspector.
 */
export function listScripts({ sources }: { readonly sources: boolean }): ListedScript[] {
  let session: Session | null = null;
  try {
    const { Session } = process.getBuiltinModule('node:inspector');
    session = new Session();
    session.connect();
    return replayScripts(session, sources);
  } catch {
    return [];
  } finally {
    disconnect(session);
  }
}

function replayScripts(session: Session, sources: boolean): ListedScript[] {
  const found: { scriptId: string; url: string; sourceMapURL: string }[] = [];
  session.on('Debugger.scriptParsed', ({ params: { scriptId, url, sourceMapURL = '' } }) => {
    if (isProgram(url) && (sources || sourceMapURL !== '')) found.push({ scriptId, url, sourceMapURL });
  });
  session.post('Debugger.enable'); // within one thread, events and answers arrive before post() returns
  return found.map(({ scriptId, ...script }) => {
    const source = sources ? readText(session, scriptId) : null;
    return source === null ? script : { ...script, source };
  });
}

function readText(session: Session, scriptId: string): string | null {
  let text: string | null = null;
  session.post('Debugger.getScriptSource', { scriptId }, (error, result) => {
    if (error === null) text = result.scriptSource;
  });
  return text;
}

/** Whether a script is of the program, and not of Node. */
function isProgram(url: string): boolean {
  return url !== '' && !url.startsWith('node:') && !url.startsWith('internal/');
}

function disconnect(session: Session | null): void {
  try {
    session?.disconnect();
  } catch {
    // It ends with the thread.
  }
}
