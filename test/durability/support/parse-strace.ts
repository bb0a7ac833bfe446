/** One finished system call, as `strace -f -xx -y` recorded it. */
export interface Call {
  readonly name: string
  /** The raw text of each argument. */
  readonly args: readonly string[]
  /** The return value of the call; -1 with `error` for a failed call. */
  readonly result: number
  readonly error: string | null
  /**
   * Numbers of the lines on which the call began and ended. Calls of several threads may overlap.
   */
  readonly start: number
  readonly end: number
}

const unfinished = / ?<unfinished \.\.\.>$/
const resumed = /^<\.\.\. \w+ resumed>/
const whole = /^(\w+)\((.*)\)\s+= (-?\d+)(?:<.*?>)?(?: (E[A-Z]+) \(.*\))?(?: \(INJECTED\))?$/s

/**
 * The calls in the order in which they ended. Lines that report no call (signals, exits) are
 * skipped.
 */
export function parseStrace(text: string): Call[] {
  const open = new Map<string, { text: string; start: number }>()
  const calls: Call[] = []
  for (const [number, line] of text.split('\n').entries()) {
    const [, pid = '', rest = ''] = /^(\d+) +(.*)$/s.exec(line) ?? []
    if (unfinished.test(rest)) {
      open.set(pid, { text: rest.replace(unfinished, ''), start: number })
      continue
    }
    const begun = resumed.test(rest) ? open.get(pid) : undefined
    if (begun !== undefined) open.delete(pid)
    const call = parseCall((begun?.text ?? '') + rest.replace(resumed, ''))
    if (call !== null) calls.push({ ...call, start: begun?.start ?? number, end: number })
  }
  return calls
}

function parseCall(text: string): Omit<Call, 'start' | 'end'> | null {
  const [, name, args, result, error] = whole.exec(text) ?? []
  if (name === undefined || args === undefined) return null
  return { name, args: splitArguments(args), result: Number(result), error: error ?? null }
}

/** Splits at the commas that are outside of strings and brackets. */
function splitArguments(text: string): string[] {
  const found: string[] = []
  let depth = 0
  let isString = false
  let start = 0
  for (let at = 0; at < text.length; at += 1) {
    const char = text[at]
    // With -xx, every byte of a string is a \x.. escape, so a string contains no quote.
    if (char === '"') isString = !isString
    else if (isString) continue
    else if (char === '[' || char === '{' || char === '<') depth += 1
    else if (char === '>' && text[at - 1] === '-') continue
    else if (char === ']' || char === '}' || char === '>') depth -= 1
    else if (char === ',' && depth === 0) {
      found.push(text.slice(start, at).trim())
      start = at + 1
    }
  }
  found.push(text.slice(start).trim())
  return found
}

/** The bytes of all strings in an argument: one string for a plain buffer, several for an iovec. */
export function bytesIn(argument: string): Buffer {
  if (/"\.\.\./.test(argument)) throw new Error('strace cut a string short: raise its -s')
  return Buffer.concat([...argument.matchAll(/"([^"]*)"/g)].map(([, hex = '']) => unescapeHex(hex)))
}

/** The path that `-y` prints after a descriptor; null for a socket, a pipe or an unlinked file. */
export function pathOfDescriptor(argument: string): string | null {
  const [, hex] = /^(?:-?\d+|AT_FDCWD)<([^>]*)>$/.exec(argument) ?? []
  const path = hex === undefined ? null : unescapeHex(hex).toString('utf8')
  return path?.startsWith('/') === true ? path : null
}

export function pathIn(argument: string): string {
  return bytesIn(argument).toString('utf8')
}

function unescapeHex(text: string): Buffer {
  return Buffer.from(text.replaceAll('\\x', ''), 'hex')
}
