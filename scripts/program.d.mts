/** Types of program.mjs for tests. */
export function ensureProgram(): Promise<void>
