import type { Readers } from '../format.ts';
import { prof } from './prof.ts';

/** Python's formats. All are marshal. */
export const PYTHON_READERS: Readers = { formats: [prof], createScanner: () => null };
