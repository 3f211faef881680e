/** cli-table3 declares its tables, and not the cells that they are drawn with. */
declare module 'cli-table3/src/cell.js' {
  type Options = import('cli-table3').TableInstanceOptions;

  export default class Cell {
    /** Column and row. */
    x: number;
    y: number;
    /** What it holds. */
    lines: readonly string[];
    constructor(content: string);
    mergeTableOptions(options: Options, cells: readonly (readonly Cell[])[]): void;
    init(options: Options): void;
    /** One of the lines in the column's width, with the border before it, and behind it where `isLast`. */
    drawLine(line: number, isLast: boolean): string;
  }
}
