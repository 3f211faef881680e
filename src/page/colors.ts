/**
 * Colors of boxes by where code comes from. The hues are those of Okabe and Ito, which people with any color blindness
 * tell apart (https://jfly.uni-koeln.de/color/); names differ in lightness alone.
 */

export interface Origin {
  readonly title: string;
  readonly categories: readonly string[];
  /** Hue, saturation and lightness of the darkest shade. */
  readonly hsl: readonly [hue: number, saturation: number, lightness: number];
}

export const ORIGINS: readonly Origin[] = [
  { title: 'your code', categories: ['app', 'bundle', 'eval', 'wasm'], hsl: [41, 90, 56] },
  { title: 'dependencies', categories: ['dependency'], hsl: [202, 70, 66] },
  { title: 'node, python', categories: ['node', 'python'], hsl: [164, 50, 58] },
  { title: 'native', categories: ['native', 'regexp'], hsl: [327, 42, 72] },
  { title: 'garbage collector', categories: ['gc'], hsl: [26, 85, 60] },
  { title: 'other', categories: [], hsl: [0, 0, 74] },
];

/** What became of functions, in place of their origins, in a comparison: vermilion and blue of the same palette. */
export const CHANGES: readonly Origin[] = [
  { title: '▲ slower', categories: ['slower'], hsl: [18, 92, 58] },
  { title: '▼ faster', categories: ['faster'], hsl: [204, 80, 60] },
  { title: 'no significant change', categories: ['same'], hsl: [0, 0, 72] },
];

/** Before the name of a function: no meaning is in a color alone. */
export function signOf(category: string): string {
  return { slower: '▲ ', faster: '▼ ' }[category] ?? '';
}

/** A category's color; functions of different names get different shades of it. */
export function colorOf(category: string, name: string): string {
  const [hue, saturation, lightness] = originOf(category).hsl;
  return `hsl(${hue} ${saturation}% ${lightness + shadeOf(name)}%)`;
}

function originOf(category: string): Origin {
  const other = ORIGINS.at(-1);
  const found = [...ORIGINS, ...CHANGES].find(({ categories }) => categories.includes(category)) ?? other;
  if (found === undefined) throw new RangeError('no colors');
  return found;
}

const SHADES = 5;

/** Of a name that may be a megabyte long, the first letters are enough. */
const SHADED_LETTERS = 100;

function shadeOf(name: string): number {
  let hash = 0;
  for (let i = 0; i < Math.min(name.length, SHADED_LETTERS); i++) hash = (hash * 31 + name.charCodeAt(i)) | 0;
  return 3 * (Math.abs(hash) % SHADES);
}
