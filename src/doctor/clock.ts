import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { readText } from './read-text.ts'
import { doubtful, type Finding, type Places, well, wrong } from './finding.ts'

const check = 'clock'

/**
 * Marker files of time services: systemd-timesyncd leaves one once the clock is synchronised, the
 * others exist while the service runs.
 */
const keepers = [
  'systemd/timesync/synchronized',
  'chrony/chronyd.pid',
  'chronyd.pid',
  'ntpd.pid',
  'ntp/ntpd.pid',
  'openntpd.pid',
]

/** Checks the date: a wrong one closes the page, delays acknowledgements, or deletes too early. */
export async function checkClock(options: {
  /** `YYYY-MM-DD`, UTC, like the other dates here. */
  today: string
  /** Null without a ledger. */
  lastLedgerDay: string | null
  /** The day the keyring was issued; null without a keyring. */
  issued: string | null
  places: Places
}): Promise<Finding> {
  const { today, lastLedgerDay, issued, places } = options
  const wayOut = "set the clock (timedatectl set-ntp true), then look at the ledger's last days"
  if (lastLedgerDay !== null && today < lastLedgerDay)
    return wrong(
      check,
      `it is ${today}, and the ledger's last line is of ${lastLedgerDay}: the clock went backwards`,
      wayOut,
    )
  if (issued !== null && today < issued)
    return wrong(check, `it is ${today}, before the keyring was issued (${issued})`, wayOut)
  if (await isKept(places)) return well(check, `${today} (UTC), kept by the network`)
  return doubtful(
    check,
    `${today} (UTC); nothing was found that keeps it right`,
    'compare it with a watch; install systemd-timesyncd or chrony, or see that the host keeps it',
  )
}

async function isKept({ run, proc }: Places): Promise<boolean> {
  for (const name of keepers) {
    const path = join(run, name)
    if ((await stat(path).catch(() => null)) === null) continue
    if (!name.endsWith('.pid')) return true
    const pid = (await readText(path))?.trim() ?? ''
    if (/^\d+$/.test(pid) && (await stat(join(proc, pid)).catch(() => null)) !== null) return true
  }
  return false
}
