const quote = 0x22
const backslash = 0x5c

/** The schema nests 7 levels deep, and no object in it has more than 20 fields. */
const maxDepth = 32
const maxFields = 100

/**
 * `deep`, `crowded`: more levels or fields than any tip has; parsing such a text could take seconds
 * and hundreds of megabytes. `repeated`: an object has the same key twice.
 */
export type ShapeProblem = 'deep' | 'crowded' | 'repeated'

/**
 * Checks the shape of a JSON text before it is parsed. A repeated key is dangerous: programs
 * disagree on which one counts, and one of the two may be a refusal of consent. Linear in the
 * length of the text.
 * @throws SyntaxError if a key is not a JSON string.
 */
export function shapeProblem(text: string): ShapeProblem | null {
  /** The keys of the object at each open level, or null for a list. */
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

/** The index after the closing quote, or after the end of the text. */
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
