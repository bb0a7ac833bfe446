/** Types of bundle-state.mjs for tests. */
export function stateOf(path: string): string
export function isBundleCurrent(root: string): boolean
