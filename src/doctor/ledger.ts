import { doubtful, type Finding, well, wrong } from './finding.ts'

const check = 'ledger'

/** @param isWhole null if the ledger could not be read. */
export function checkLedger(isWhole: boolean | null): Finding {
  if (isWhole === null)
    return doubtful(check, 'it cannot be read', 'run it as the user that Tumen runs as')
  if (isWhole) return well(check, 'whole since its last checkpoint')
  return wrong(
    check,
    'a line was changed, or lines are missing at its end',
    'find out who or what changed it, then do what docs/operations.md says about LEDGER_BROKEN',
  )
}
