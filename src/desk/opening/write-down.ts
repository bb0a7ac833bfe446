import { createHash, randomBytes } from 'node:crypto'
import { makeFolder } from '../../disk/make-folder.ts'
import { formatJsonDocument } from '../../keyring/json-document.ts'
import type { DetentionTip } from '../../tip/schema.ts'
import { serializeTip } from '../../tip/tip-json.ts'
import { withCasebookLock } from '../custody/lock.ts'
import { recordCustody } from '../custody/custody-log.ts'
import type { Actor } from '../custody/record.ts'
import { layoutOf, tipLayoutOf } from '../files/layout.ts'
import { type OpenedRecord, writtenAtDesk } from '../files/opened-record.ts'
import { createTipFolder } from './tip-folder.ts'

/** How a case reached the desk when it was not sent to the intake. */
export const waysToTheDesk = ['phone', 'letter', 'visit', 'message', 'other'] as const
export type WayToTheDesk = (typeof waysToTheDesk)[number]

/**
 * Makes a case from what a caller or a letter says. The text becomes the case's `tip.json`, so it
 * counts as the source's own words, as in a tip that was sent. Its receipt is random, because there
 * is no envelope.
 * @returns the receipt.
 * @throws TipError `TIP_INVALID`; errors of the disk.
 */
export async function writeDownCase(
  actor: Actor,
  tip: DetentionTip,
  way: WayToTheDesk,
): Promise<string> {
  const bytes = serializeTip(tip)
  const receipt = createHash('sha256').update(randomBytes(32)).digest('hex')
  const record: OpenedRecord = {
    schema: 'tumen-opened/1',
    receipt,
    opened_at: `${actor.now().toISOString().slice(0, 19)}Z`,
    tool: actor.tool,
    identity: { kind: 'hybrid', name: null, retired: null },
    export: { signer: '', comment: `written down at the desk (${way})` },
    envelope_bytes: 0,
    attachments: [],
    problems: [
      {
        code: writtenAtDesk,
        detail: `an analyst wrote it down (${way}); there is no envelope and no tip of the page`,
      },
    ],
  }
  await withCasebookLock(actor.casebook, async () => {
    await makeFolder(layoutOf(actor.casebook).tips, 0o700)
    const folder = await createTipFolder(tipLayoutOf(actor.casebook, receipt).folder)
    try {
      const file = await folder.createFile('tip.json')
      await file.write(bytes)
      await file.end()
      await folder.finish(record)
    } finally {
      await folder.discard()
    }
    await recordCustody(actor, [
      {
        action: 'case_written',
        item: receipt,
        sha256: sha256(bytes),
        reason: `${way}; opened.json ${sha256(formatJsonDocument(record))}`,
      },
    ])
  })
  return receipt
}

function sha256(bytes: Uint8Array | string): string {
  return createHash('sha256').update(bytes).digest('hex')
}
