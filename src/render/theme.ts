/** The only file that names a colour. Bold and dim read well on light and dark grounds alike; red is for trouble. */

import { Chalk } from 'chalk';

/** 0 none, 1 the sixteen colours, 2 and 3 more of them, as in chalk. */
export type ColorLevel = 0 | 1 | 2 | 3;

type Style = (text: string) => string;

export interface Theme {
  /** Column titles. */
  readonly title: Style;
  /** As it is. */
  readonly plain: Style;
  /** What the eye should find first. */
  readonly strong: Style;
  /** What stands beside it. */
  readonly quiet: Style;
  /** A row that is noise. */
  readonly noise: Style;
  /** Faster, passed. */
  readonly better: Style;
  /** Slower, failed. */
  readonly worse: Style;
  /** The word `error`. */
  readonly error: Style;
}

export function themeFor(level: ColorLevel): Theme {
  const chalk = new Chalk({ level });
  return {
    title: chalk.dim,
    plain: (text) => text,
    strong: chalk.bold,
    quiet: chalk.dim,
    noise: chalk.dim,
    better: chalk.green,
    worse: chalk.red,
    error: chalk.red.bold,
  };
}
