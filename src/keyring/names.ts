/** Short enough to be read out, compared by eye and printed on terminals and pages. */
export const maxNameCharacters = 80

// Control, format (bidi overrides, zero-width), private-use and unassigned characters, and line
// separators. Each of them could make two different names look the same.
const forbidden = /[\p{C}\p{Zl}\p{Zp}]/u

/** What is wrong with a name, or null. */
export function nameProblem(name: string): string | null {
  const characters = Array.from(name).length
  if (characters < 1 || characters > maxNameCharacters)
    return `must have 1 to ${maxNameCharacters} characters`
  if (forbidden.test(name))
    return 'must not contain control, invisible or direction-changing characters'
  if (name !== name.trim()) return 'must not start or end with a space'
  return null
}

/** Names that people cannot tell apart have the same key. */
export function nameKey(name: string): string {
  return name.normalize('NFKC').toLowerCase().replace(/\s+/gu, ' ')
}
