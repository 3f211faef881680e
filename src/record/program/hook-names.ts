/** The names of the recorder's functions that call the program, as recordings show them. */
export const HOOKS: readonly string[] = ['emitOfProcess', 'reallyExitOfProcess', 'killOfProcess'];
