/** A longer name is no misspelling of a setting, and would make the comparison slow. */
const maxNameLength = 64

/**
 * The number of edits that still counts as a misspelling: a third of the name without its prefix,
 * at least two.
 */
function allowedEdits(name: string): number {
  return Math.max(2, Math.floor((name.length - 'TUMEN_'.length) / 3))
}

/** The known name with the fewest edits (Levenshtein), or null when none is close enough. */
export function nearestName(name: string, known: readonly string[]): string | null {
  if (name.length > maxNameLength) return null
  const ranked = known
    .map((candidate) => ({ candidate, edits: editDistance(name, candidate) }))
    .sort((a, b) => a.edits - b.edits)
  const best = ranked[0]
  return best !== undefined && best.edits <= allowedEdits(name) ? best.candidate : null
}

function editDistance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index)
  for (let i = 1; i <= from.length; i += 1) {
    const next = [i]
    for (let j = 1; j <= to.length; j += 1) {
      const replace = (row[j - 1] ?? 0) + (from[i - 1] === to[j - 1] ? 0 : 1)
      next.push(Math.min(replace, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1))
    }
    row = next
  }
  return row[to.length] ?? 0
}
