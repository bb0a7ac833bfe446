/** One expression in our source code that waits for the disk. */
export interface SyncSite {
  /** Where its text starts and ends in the source. */
  start: number
  end: number
  text: string
  line: number
  /** An expression that replaces it and does not wait for the disk. */
  instead: string
}

const callOfSync =
  /(?<!function )(?<![\w.])(?:fsyncAsync|syncDirectory|makeFolder)\(|(?<![\w.])[\w.#?]+(?:\[[^\]]+\])?\.(?:data)?sync\(\)|(?<![\w.])this\.#host\.syncFolder\(\)|flush: true/g

/** Every fsync in a source text, and every call of a function that only syncs. */
export function findSyncs(source: string): SyncSite[] {
  return [...source.matchAll(callOfSync)].flatMap(({ 0: text, index }) => {
    if (isInComment(source, index) || text.startsWith('makeFolder(')) return []
    const end = text.endsWith('(') ? endOfCall(source, index + text.length) : index + text.length
    return [
      {
        start: index,
        end,
        text: source.slice(index, end).replaceAll(/\s+/g, ' '),
        line: source.slice(0, index).split('\n').length,
        instead: text === 'flush: true' ? 'flush: false' : 'Promise.resolve()',
      },
    ]
  })
}

/** The source without its sync number `index`. */
export function withoutSync(source: string, index: number): string {
  const site = findSyncs(source)[index]
  if (site === undefined) throw new Error(`there is no sync number ${index}`)
  return source.slice(0, site.start) + site.instead + source.slice(site.end)
}

function endOfCall(source: string, start: number): number {
  let depth = 1
  let at = start
  for (; depth > 0; at += 1) {
    if (source[at] === '(') depth += 1
    if (source[at] === ')') depth -= 1
  }
  return at
}

function isInComment(source: string, index: number): boolean {
  const line = source.slice(source.lastIndexOf('\n', index) + 1, index)
  return /^\s*(?:\/?\*|\/\/)/.test(line)
}
