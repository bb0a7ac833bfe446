import type { WordTable } from './word-table.ts'

/** More divisions than any twelve words in a row were found to have. */
const maxDivisions = 20_000

/**
 * Divides a folded text without blanks into exactly `count` entries of the list, in every possible
 * way: Korean and English words may run into each other.
 * @returns for each division the positions in the list; at most `maxDivisions`.
 */
export function divideWords(table: WordTable, text: string, count: number): number[][] {
  const characters = [...text]
  const isDead = new Set<string>()
  const found: number[][] = []

  /** Whether the rest from `at` can be divided into the words that are left. */
  function divide(at: number, chosen: readonly number[]): boolean {
    if (chosen.length === count) {
      if (at === characters.length) found.push([...chosen])
      return at === characters.length
    }
    const state = `${at} ${chosen.length}`
    if (found.length >= maxDivisions || isDead.has(state)) return false
    let isPossible = false
    for (let end = at + 1; end <= Math.min(at + table.longest, characters.length); end += 1) {
      const index = table.positions.get(characters.slice(at, end).join(''))
      if (index !== undefined && divide(end, [...chosen, index])) isPossible = true
    }
    if (!isPossible) isDead.add(state)
    return isPossible
  }

  divide(0, [])
  return found
}

/** The number of words that can be read from the beginning before one is not on the list. */
export function wordsAtBeginning(table: WordTable, text: string, most: number): number {
  const characters = [...text]
  let ends = new Set([0])
  for (let count = 0; count < most; count += 1) {
    const next = new Set<number>()
    for (const at of ends)
      for (let end = at + 1; end <= Math.min(at + table.longest, characters.length); end += 1)
        if (table.positions.has(characters.slice(at, end).join(''))) next.add(end)
    if (next.size === 0) return count
    ends = next
  }
  return most
}
