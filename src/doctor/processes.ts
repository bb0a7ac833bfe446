import type { Heartbeat } from '../queue/heartbeat.ts'
import { doubtful, type Finding, well, wrong } from './finding.ts'

const check = 'processes'

/** The start command of each way of running that `tumen setup` knows. */
export const startingCommands = 'npm start, systemctl start tumen.target, or docker compose up -d'

/** @param heartbeats null when Redis does not answer. */
export function checkProcesses({
  heartbeats,
  isOpsUp,
  isDraining,
}: {
  heartbeats: readonly Heartbeat[] | null
  isOpsUp: boolean
  isDraining: boolean
}): Finding {
  const wayOut = `start it the way tumen setup said (${startingCommands}), or look at the last lines of its log`
  if (!isOpsUp) return wrong(check, 'ops does not answer on TUMEN_OPS_LISTEN', wayOut)
  if (heartbeats === null)
    return doubtful(
      check,
      'ops answers; of intake and worker nothing is known without Redis',
      'bring Redis back first',
    )
  const missing = ['intake', 'worker'].filter(
    (role) => !heartbeats.some((heartbeat) => heartbeat.role === role && !heartbeat.draining),
  )
  if (missing.length > 0) return wrong(check, `${missing.join(' and ')} does not run`, wayOut)
  if (isDraining)
    return doubtful(
      check,
      'intake, worker and ops are up; the intake takes no new tips',
      'tumen drain --off, when the work is done',
    )
  return well(check, 'intake, worker and ops are up')
}
