const withinMs = 2000
const times = 3

/** @returns whether this is the third call within two seconds; a hand in fear is not slow */
export function countThrice(): (atMs: number) => boolean {
  let presses: readonly number[] = []
  return (atMs) => {
    presses = [...presses.filter((press) => atMs - press <= withinMs), atMs]
    return presses.length >= times
  }
}
