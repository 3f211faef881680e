/**
 * The scripts of this thread with their source maps, for `pstat.scripts`. Runs inside the user's program, when a thread
 * ends; uses no method of a prototype, which a program may replace.
 *
 * The inspector reports every script again when its debugger is enabled
 * (https://chromedevtools.github.io/devtools-protocol/tot/Debugger/#event-scriptParsed), those that tsx, ts-node and vitest
 * transpile in memory included. That takes 30 to 230 ms for 100 to 450 scripts.
 */

import { type Debugger, Session } from 'node:inspector';

export interface ListedScript {
  /** As call frames name it. */
  readonly url: string;
  /** `data:` with the map, or the address of its file; `''` for none. */
  readonly sourceMapURL: string;
  /** The text that V8 compiled; absent if it is not wanted. */
  readonly source?: string;
}

const { defineProperty } = Reflect;

/**
 * Returns the program's scripts whose map is in memory, or all of them with their texts if these are wanted. Never throws,
 * and returns nothing where Node has no inspector.
 */
export function listScripts({ sources }: { readonly sources: boolean }): ListedScript[] {
  try {
    const session = new Session();
    const scripts: { scriptId: string; script: ListedScript }[] = [];
    const onEvent = (name: string, event: unknown) => {
      if (name !== 'Debugger.scriptParsed') return;
      const { scriptId, url, sourceMapURL = '' } = (event as { params: Debugger.ScriptParsedEventDataType }).params;
      if (url === '' || startsWith(url, 'node:') || startsWith(url, 'internal/')) return;
      if (sources || startsWith(sourceMapURL, 'data:'))
        scripts[scripts.length] = { scriptId, script: { url, sourceMapURL } };
    };
    // The program may replace the methods of EventEmitter.
    defineProperty(session, 'emit', { value: onEvent });
    session.connect();
    session.post('Debugger.enable'); // within one thread, events and answers arrive before post() returns
    const listed: ListedScript[] = [];
    for (let i = 0; i < scripts.length; i++) {
      const found = scripts[i];
      if (found !== undefined) listed[i] = sources ? withText(session, found) : found.script;
    }
    session.disconnect();
    return listed;
  } catch {
    return [];
  }
}

function withText(session: Session, { scriptId, script }: { scriptId: string; script: ListedScript }): ListedScript {
  let listed = script;
  session.post('Debugger.getScriptSource', { scriptId }, (error, result) => {
    if (error === null) listed = { ...script, source: result.scriptSource };
  });
  return listed;
}

function startsWith(text: string, start: string): boolean {
  for (let i = 0; i < start.length; i++) if (text[i] !== start[i]) return false;
  return true;
}
