import { readRecentHead } from '../src/ledger/daily-head.ts'
import type { Clock } from '../src/time/clock.ts'
import { addDays, dayOfInstant } from '../src/time/day.ts'

/** Where the ledger ended on the last whole day, for ops to compare with the signed heads. */
export interface DailyChain {
  last(): { day: string; head: string } | null
  /** Reads the ledger's newest lines once a day. @throws LedgerError `CHAIN_BROKEN`. */
  look(): Promise<void>
}

export function createDailyChain({ path, clock }: { path: string; clock: Clock }): DailyChain {
  let last: { day: string; head: string } | null = null
  return {
    last: () => last,
    async look() {
      const day = addDays(dayOfInstant(clock.now()), -1)
      if (last?.day === day) return
      const { head } = await readRecentHead(path, day)
      last = { day, head }
    },
  }
}
