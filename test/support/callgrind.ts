/**
 * A reader of callgrind files that shares no code with the writer:
 * https://valgrind.org/docs/manual/cl-format.html
 */

/** An edge with its inclusive time. */
export interface CallgrindEdge {
  readonly caller: string;
  readonly callee: string;
  readonly time: number;
  readonly calls: number;
}

/** A function is `file:name`. */
export interface CallgrindFile {
  readonly event: string;
  readonly total: number;
  /** function -> self time */
  readonly self: ReadonlyMap<string, number>;
  readonly edges: readonly CallgrindEdge[];
}

export function readCallgrind(text: string): CallgrindFile {
  const self = new Map<string, number>();
  const edges: CallgrindEdge[] = [];
  const heads = new Map<string, string>();
  const names = { file: new Map<string, string>(), function: new Map<string, string>() };
  const nameOf = (kind: keyof typeof names, word: string) => {
    const [, id = '', name = ''] = /^(\(\d+\))(?: (.*))?$/.exec(word) ?? [];
    if (name !== '') names[kind].set(id, name);
    return names[kind].get(id) ?? word;
  };
  let [file, calleeFile, caller, callee] = ['', '', '', ''];
  let calls: number | null = null;
  for (const line of text.split('\n')) {
    const [, key = '', word = ''] = /^([a-z]+)(?:=|: )(.*)$/.exec(line) ?? [];
    const [, time] = /^\d+ (\d+)$/.exec(line) ?? [];
    if (key === 'fl') [file, calleeFile] = [nameOf('file', word), nameOf('file', word)];
    else if (key === 'fn') caller = `${file}:${nameOf('function', word)}`;
    else if (key === 'cfi') calleeFile = nameOf('file', word);
    else if (key === 'cfn') [callee, calleeFile] = [`${calleeFile}:${nameOf('function', word)}`, file];
    else if (key === 'calls') calls = Number.parseInt(word, 10);
    else if (key !== '') heads.set(key, word);
    else if (time !== undefined && calls === null) self.set(caller, (self.get(caller) ?? 0) + Number(time));
    else if (time !== undefined && calls !== null) {
      edges.push({ caller, callee, time: Number(time), calls });
      calls = null;
    } else if (line !== '' && !line.startsWith('#')) throw new Error(`callgrind: ${line}`);
  }
  return { event: heads.get('events') ?? '', total: Number(heads.get('totals')), self, edges };
}
