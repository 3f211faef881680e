/** One of each side of a comparison. */
export interface Both<One> {
  readonly before: One;
  readonly after: One;
}

export function mapBoth<One, Result>(
  { before, after }: Both<One>,
  map: (one: One, side: keyof Both<One>) => Result,
): Both<Result> {
  return { before: map(before, 'before'), after: map(after, 'after') };
}
