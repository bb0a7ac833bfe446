/** What a worker says about its machine. None of it changes when a tip arrives. */
export interface MachineState {
  /** Whether it does the work that is done once for all machines. */
  isChief: boolean
  /** Where its ledger ended on the last whole day; null until it has looked. */
  chain: { day: string; head: string } | null
}

/** This many characters of a hash are enough to compare it with a signed head. */
const headChars = 16

export function formatMachine({ isChief, chain }: MachineState): Record<string, unknown> {
  return {
    isChief,
    ...(chain !== null && { day: chain.day, head: chain.head.slice(0, headChars) }),
  }
}

/** Null for anything that `formatMachine` would not have written. Never throws. */
export function parseMachine(text: string): MachineState | null {
  try {
    const { isChief, day, head } = JSON.parse(text) as Record<string, unknown>
    if (typeof isChief !== 'boolean') return null
    const isChain =
      typeof day === 'string' &&
      /^\d{4}-\d\d-\d\d$/.test(day) &&
      typeof head === 'string' &&
      /^[0-9a-f]{16}$/.test(head)
    return { isChief, chain: isChain ? { day, head } : null }
  } catch {
    return null
  }
}
