const withinMs = 2000
const times = 3

/**
 * Counts key presses. The limit is two seconds because frightened hands may be slow.
 * @returns whether this is the third call within two seconds
 */
export function detectThirdPress(): (atMs: number) => boolean {
  let presses: readonly number[] = []
  return (atMs) => {
    presses = [...presses.filter((press) => atMs - press <= withinMs), atMs]
    return presses.length >= times
  }
}
