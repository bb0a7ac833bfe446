import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { doubtful, type Finding, well } from './finding.ts'

const check = 'logs'
/** Programs on the same machine that may log who requested what and when. */
const neighbours = ['tor', 'redis', 'nginx', 'caddy', 'apache2']

/**
 * Checks for logs of other programs, which would reveal what Tumen does not write. Tumen itself
 * writes no log, so there is nothing to rotate.
 */
export async function checkLogs({ logDir }: { logDir: string }): Promise<Finding> {
  const writing: string[] = []
  for (const name of neighbours)
    if (await holdsBytes(join(logDir, name))) writing.push(join(logDir, name))
  if (writing.length === 0) return well(check, 'none is written, so there is nothing to rotate')
  return doubtful(
    check,
    `Tumen writes none, but somebody writes into ${writing.join(', ')}`,
    'if it is a program beside Tumen, turn its log off (nginx: access_log off) and remove what is there; a log has fine times',
  )
}

async function holdsBytes(folder: string): Promise<boolean> {
  for (const name of await readdir(folder).catch(() => [])) {
    if (((await stat(join(folder, name)).catch(() => null))?.size ?? 0) > 0) return true
  }
  return false
}
