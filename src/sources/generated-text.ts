/** The text of a generated file: where functions begin, and how they are named there. */

/** Where an identifier stands. 0-based, as source maps count. */
export interface IdentifierPlace {
  readonly line: number;
  readonly column: number;
}

const IDENTIFIER = '[#\\p{ID_Start}$_][\\p{ID_Continue}$\\u200c\\u200d]*';

const WHOLE_IDENTIFIER = new RegExp(`^${IDENTIFIER}$`, 'u');

export function isIdentifier(text: string): boolean {
  return WHOLE_IDENTIFIER.test(text);
}

/**
 * Where V8 says that a function begins: at its parameters, or at `async`, `function`, `class` or `static`. See
 * FunctionLiteral::start_position in https://github.com/v8/v8/blob/main/src/ast/ast.h.
 */
const FUNCTION_START = new RegExp(`\\(|(?:async|function|class|static)\\b|${IDENTIFIER}\\s*=>`, 'uy');

/** What stands between a name and the place where V8 says that the function begins. */
const BEFORE_FUNCTION = new RegExp(`(${IDENTIFIER})\\s*([=:]\\s*(?:async\\b\\s*)?(?:function\\b\\s*\\*?\\s*)?)?$`, 'u');

/** Words before a parameter list that are not the function's name. */
const KEYWORDS: ReadonlySet<string> = new Set([
  'function',
  'async',
  'constructor',
  'return',
  'await',
  'yield',
  'default',
]);

/** Blanks and keywords between a name and the function. */
const MAX_GAP = 40;

const LINE_END = /\r\n|[\n\r\u2028\u2029]/g;

export class GeneratedText {
  readonly #text: string;
  /** Whether lines end in other ways than with line feeds, which are found faster. */
  readonly #hasOtherEnds: boolean;
  /** line -> index of its first character, as far as lines were asked for */
  readonly #lineStarts = [0];
  #isWhole = false;

  constructor(text: string) {
    this.#text = text;
    this.#hasOtherEnds = ['\r', '\u2028', '\u2029'].some((end) => text.includes(end));
  }

  /** Whether a function of this name may begin at the place. @param line 0-based @param column 0-based */
  beginsFunction(name: string, line: number, column: number): boolean {
    const text = this.line(line);
    if (isAfterName(text, column, lastWord(name))) return true;
    FUNCTION_START.lastIndex = column;
    if (column >= text.length || !FUNCTION_START.test(text)) return false;
    if (text[column] !== '(') return true;
    const [, word = '', assignment] = BEFORE_FUNCTION.exec(headOf(text, column, name)) ?? [];
    // An arrow function's `(` follows anything, such as `map(`. A method's or a declaration's follows its name.
    return assignment !== undefined || word === '' || KEYWORDS.has(word) || word === lastWord(name);
  }

  /**
   * Returns the place of the identifier that gives the function its name, in `a.b` that of `b`; null where the text has
   * another one.
   */
  findName(name: string, line: number, column: number): IdentifierPlace | null {
    const text = this.line(line);
    if (lastWord(name) === name && isAfterName(text, column, name)) return { line, column: column - name.length };
    const head = headOf(text, column, name);
    const match = BEFORE_FUNCTION.exec(head);
    const found = match === null ? -1 : column - (head.length - match.index);
    if (match?.[1] === name) return { line, column: found };
    if (match?.[1] === lastWord(name) && isProperty(text, name, found)) return { line, column: found };
    const declared = match?.[1] === 'constructor' ? findClass(text, name, column) : column;
    return isClass(text, name, declared) ? { line, column: declared + CLASS.length } : null;
  }

  /** Returns a line; `''` beyond the last one. @param line 0-based */
  line(line: number): string {
    this.#findStarts(line + 1);
    const start = this.#lineStarts[line];
    if (start === undefined) return '';
    return this.#text.slice(start, this.#lineStarts[line + 1] ?? this.#text.length);
  }

  /** Finds where lines start, up to one of them: a file of 64 MB may have as many, and a profile functions on the first. */
  #findStarts(line: number): void {
    const starts = this.#lineStarts;
    while (!this.#isWhole && starts.length <= line) {
      const start = this.#startAfter(starts[starts.length - 1] ?? 0);
      if (start === 0) this.#isWhole = true;
      else starts.push(start);
    }
  }

  /** Returns the start of the next line; 0 after the last one. */
  #startAfter(start: number): number {
    if (!this.#hasOtherEnds) return this.#text.indexOf('\n', start) + 1;
    LINE_END.lastIndex = start;
    return LINE_END.test(this.#text) ? LINE_END.lastIndex : 0;
  }
}

/** Whether the column is at the parameters of `name(`: most functions are, and this is faster than the expressions below. */
function isAfterName(text: string, column: number, name: string): boolean {
  const start = column - name.length;
  return text[column] === '(' && name !== '' && text.startsWith(name, start) && /[ ,;{}*]/.test(text[start - 1] ?? ' ');
}

/** Whether `a.b` stands where `b` does. */
function isProperty(line: string, name: string, column: number): boolean {
  const start = column - (name.length - lastWord(name).length);
  return /^[^ ]+\.[^ ]+$/.test(name) && line.startsWith(name, start) && !/[\w$.]/.test(line[start - 1] ?? '');
}

const CLASS = 'class ';

/** Members between the name of a class and its constructor, on the line of a minified file. */
const MAX_MEMBERS = 20_000;

/** Where the class of a constructor is declared, as V8 names constructors by their classes; -1 for none. */
function findClass(line: string, name: string, end: number): number {
  const first = Math.max(0, end - MAX_MEMBERS);
  const members = line.slice(first, end);
  let at = members.lastIndexOf(CLASS + name);
  while (at > 0 && !isClass(members, name, at)) at = members.lastIndexOf(CLASS + name, at - 1);
  return at === -1 ? -1 : first + at;
}

function isClass(line: string, name: string, column: number): boolean {
  return line.startsWith(CLASS + name, column) && /[\s{]/.test(line[column + CLASS.length + name.length] ?? '');
}

/** The text before a column, as far as it may hold the function's name. */
function headOf(line: string, column: number, name: string): string {
  return line.slice(Math.max(0, column - name.length - MAX_GAP), column);
}

/** `total` of `get total` and of `Table.total`. */
export function lastWord(name: string): string {
  return name.slice(Math.max(name.lastIndexOf(' '), name.lastIndexOf('.')) + 1);
}
