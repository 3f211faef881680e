import type { Profile } from '../model/profile.ts';
import { type ReadOptions, readFile } from './read-file.ts';

/** The result of reading a file. An error is a value: errors are thrown in the order of the files. */
export type Outcome = { readonly profile: Profile } | { readonly error: unknown };

export async function outcomeOf(path: string, options: ReadOptions): Promise<Outcome> {
  try {
    return { profile: await readFile(path, options) };
  } catch (error) {
    return { error };
  }
}
