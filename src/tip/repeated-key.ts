const quote = 0x22
const backslash = 0x5c

/**
 * Whether an object in `text`, which is JSON, has a key twice: programs disagree on which one counts, and one of them may
 * be a refusal of consent. `JSON.parse` takes the last without a word. Linear, and as deep as memory goes.
 */
export function hasRepeatedKey(text: string): boolean {
  /** Keys of the objects we are in; null: a list. */
  const open: (Set<string> | null)[] = []
  for (let at = 0; at < text.length; at += 1) {
    switch (text[at]) {
      case '{': open.push(new Set()); break
      case '[': open.push(null); break
      case '}':
      case ']': open.pop(); break
      case '"': {
        const end = endOfString(text, at)
        const keys = open.at(-1)
        if (keys && isKey(text, end)) {
          const key = JSON.parse(text.slice(at, end)) as string
          if (keys.has(key)) return true
          keys.add(key)
        }
        at = end - 1
      }
    }
  }
  return false
}

/** Behind its closing quote. */
function endOfString(text: string, start: number): number {
  let at = start + 1
  for (; text.charCodeAt(at) !== quote; at += 1) if (text.charCodeAt(at) === backslash) at += 1
  return at + 1
}

function isKey(text: string, end: number): boolean {
  let at = end
  while (' \t\n\r'.includes(text[at] ?? 'x')) at += 1
  return text[at] === ':'
}
