import { createHash } from 'node:crypto'
import { basename } from 'node:path'
import { recordCustody } from '../desk/custody/custody-log.ts'
import type { Actor, CustodyEntry } from '../desk/custody/record.ts'
import type { CliContext } from './context.ts'
import { openOutput, withOutput } from './output.ts'

export interface Written {
  path: string
  bytes: number
  sha256: string
}

/**
 * Writes one file, whole or not at all, and says so in the custody log. `about`: for whom, of what;
 * never what a tip says.
 */
export async function writeReport(
  context: CliContext,
  actor: Actor,
  report: {
    path: string
    content: Uint8Array | string
    action: Extract<CustodyEntry['action'], 'report_written' | 'export_written'>
    about: string
  },
): Promise<Written> {
  const bytes =
    typeof report.content === 'string' ? new TextEncoder().encode(report.content) : report.content
  const output = await openOutput(context, { path: report.path, isBinary: true })
  await withOutput(output, (to) => to.write(bytes))
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  await recordCustody(actor, [
    { action: report.action, item: basename(report.path), sha256, reason: report.about },
  ])
  return { path: report.path, bytes: bytes.length, sha256 }
}
