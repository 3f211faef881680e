import type { Profile } from '../model/profile.ts';
import type { ReadOptions } from './read-bytes.ts';
import { readFile } from './read-file.ts';

/** What becomes of a file. What is wrong with it is a value: whether it matters is told in the order of the files. */
export type Outcome = { readonly profile: Profile } | { readonly error: unknown };

export async function outcomeOf(path: string, options: ReadOptions): Promise<Outcome> {
  try {
    return { profile: await readFile(path, options) };
  } catch (error) {
    return { error };
  }
}
