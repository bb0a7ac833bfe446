const quote = 0x22
const backslash = 0x5c

/** A tip is 7 deep, and no object of it has more than 20 fields. */
const maxDepth = 32
const maxFields = 100

/**
 * `deep`, `crowded`: no tip is, and each would cost seconds and hundreds of megabytes. `repeated`:
 * an object has a key twice.
 */
export type ShapeProblem = 'deep' | 'crowded' | 'repeated'

/**
 * What is wrong with the shape of `text`, found before anything is made of it. A key that is there
 * twice is a trap: programs disagree on which one counts, and one of them may be a refusal of
 * consent. Linear for any text.
 * @throws SyntaxError for a key that is no JSON string.
 */
export function shapeProblem(text: string): ShapeProblem | null {
  /** Keys of the objects we are in; null: a list. */
  const open: (Set<string> | null)[] = []
  for (let at = 0; at < text.length; at += 1) {
    switch (text[at]) {
      case '{':
        open.push(new Set())
        break
      case '[':
        open.push(null)
        break
      case '}':
      case ']':
        open.pop()
        break
      case '"': {
        const end = endOfString(text, at)
        const problem = isKey(text, end) ? keyProblem(open.at(-1), text.slice(at, end)) : null
        if (problem !== null) return problem
        at = end - 1
      }
    }
    if (open.length > maxDepth) return 'deep'
  }
  return null
}

function keyProblem(keys: Set<string> | null | undefined, quoted: string): ShapeProblem | null {
  if (!keys) return null
  const key = quoted.includes('\\') ? (JSON.parse(quoted) as string) : quoted.slice(1, -1)
  if (keys.has(key)) return 'repeated'
  keys.add(key)
  return keys.size > maxFields ? 'crowded' : null
}

/** Behind its closing quote, or the end of the text. */
function endOfString(text: string, start: number): number {
  let at = start + 1
  for (; at < text.length && text.charCodeAt(at) !== quote; at += 1)
    if (text.charCodeAt(at) === backslash) at += 1
  return at + 1
}

function isKey(text: string, end: number): boolean {
  let at = end
  while (' \t\n\r'.includes(text[at] ?? 'x')) at += 1
  return text[at] === ':'
}
