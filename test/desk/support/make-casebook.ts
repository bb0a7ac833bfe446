import { createHash } from 'node:crypto'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { CaseFile, Change } from '../../../src/desk/files/case-file.ts'
import { layoutOf, tipLayoutOf } from '../../../src/desk/files/layout.ts'
import type { OpenedRecord } from '../../../src/desk/files/opened-record.ts'
import type { DetentionTip } from '../../../src/tip/schema.ts'
import { tipSchemaId } from '../../../src/tip/schema-id.ts'

export interface MakeCasebookOptions {
  /** UTC, as `YYYY-MM-DDTHH:MM:SSZ`; by default `2017-11-05T09:00:00Z` for all tips. */
  openedAt?: (index: number) => string
  /** The content of each attachment, by its name below `attachments/`. */
  attachments?: (index: number) => Readonly<Record<string, Uint8Array | string>>
  /** Changes for case.json. If omitted, there is no case.json, as after `tumen open`. */
  changes?: (index: number) => readonly Change[]
  /** Fields that override the defaults in opened.json. */
  opened?: (index: number) => Partial<OpenedRecord>
}

export interface MadeCasebook {
  casebook: string
  /** The receipts in the order of the tips. */
  receipts: readonly string[]
}

const sha256 = (bytes: Uint8Array | string) => createHash('sha256').update(bytes).digest('hex')
const atOnce = 64

/**
 * Writes a real casebook folder at `dir` without sealing or opening anything:
 * tips/RECEIPT/{tip.json, opened.json, attachments/, case.json}. Tips are written as given, valid
 * or not; null makes a folder without tip.json.
 */
export async function makeCasebook(
  dir: string,
  tips: ReadonlyArray<DetentionTip | null>,
  options: MakeCasebookOptions = {},
): Promise<MadeCasebook> {
  const layout = layoutOf(dir)
  for (const folder of [layout.tips, layout.originals, layout.aside])
    await mkdir(folder, { recursive: true, mode: 0o700 })
  const receipts = receiptsOf(tips)
  for (let start = 0; start < tips.length; start += atOnce) {
    await Promise.all(
      tips
        .slice(start, start + atOnce)
        .map((tip, offset) =>
          writeTipFolder(dir, receipts[start + offset] ?? '', tip, start + offset, options),
        ),
    )
  }
  return { casebook: dir, receipts }
}

/**
 * Receipts as `sampleView` computes them, so that a view and a folder of the same tip are the same
 * case. The receipt of a repeated tip includes its index.
 */
function receiptsOf(tips: ReadonlyArray<DetentionTip | null>): string[] {
  const taken = new Set<string>()
  return tips.map((tip, index) => {
    const plain = sha256(JSON.stringify(tip))
    const receipt = taken.has(plain) ? sha256(`${plain}#${index}`) : plain
    taken.add(receipt)
    return receipt
  })
}

async function writeTipFolder(
  casebook: string,
  receipt: string,
  tip: DetentionTip | null,
  index: number,
  options: MakeCasebookOptions,
): Promise<void> {
  const layout = tipLayoutOf(casebook, receipt)
  await mkdir(layout.attachments, { recursive: true, mode: 0o700 })
  const files = Object.entries(options.attachments?.(index) ?? {})
  for (const [name, content] of files)
    await writeFile(join(layout.attachments, name), content, { mode: 0o600 })
  if (tip !== null)
    await writeFile(layout.tip, `${JSON.stringify({ schema: tipSchemaId, ...tip }, null, 2)}\n`, {
      mode: 0o600,
    })
  const opened: OpenedRecord = {
    schema: 'tumen-opened/1',
    receipt,
    opened_at: options.openedAt?.(index) ?? '2017-11-05T09:00:00Z',
    tool: 'tumen 0.1.0',
    identity: { kind: 'hybrid', name: 'kim', retired: null },
    export: { signer: 'server', comment: 'tumen export' },
    envelope_bytes: 66_000,
    attachments: files.map(([name, content]) => ({
      path: `attachments/${name}`,
      bytes: Buffer.byteLength(content),
      sha256: sha256(content),
    })),
    problems: tip === null ? [{ code: 'TIP_MISSING', detail: 'there is no tip.json in it' }] : [],
    ...options.opened?.(index),
  }
  await writeFile(layout.opened, `${JSON.stringify(opened, null, 2)}\n`, { mode: 0o600 })
  const changes = options.changes?.(index) ?? []
  const file: CaseFile = { schema: 'tumen-case/1', receipt, changes: [...changes] }
  if (changes.length > 0)
    await writeFile(layout.case, `${JSON.stringify(file, null, 2)}\n`, { mode: 0o600 })
}
