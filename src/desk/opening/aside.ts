import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { makeFolder } from '../../disk/make-folder.ts'
import * as Type from 'typebox'
import { replaceFile } from '../../disk/small-files.ts'
import { formatJsonDocument } from '../../keyring/json-document.ts'
import { layoutOf } from '../files/layout.ts'

/** `aside/RECEIPT.json`: why an envelope is not in `tips/`. */
export const AsideRecord = Type.Object(
  {
    schema: Type.Literal('tumen-aside/1'),
    receipt: Type.String({ pattern: '^[0-9a-f]{64}$' }),
    /** UTC, `YYYY-MM-DDTHH:MM:SSZ`. */
    at: Type.String({ maxLength: 20 }),
    code: Type.String({ maxLength: 100 }),
    detail: Type.String({ maxLength: 4_000 }),
    /** Signer of the export that contained the envelope. */
    signer: Type.String({ maxLength: 500 }),
    /** Whether `originals/` has the envelope. */
    kept: Type.Boolean(),
  },
  { additionalProperties: false },
)
export type AsideRecord = Type.Static<typeof AsideRecord>

export function asidePath(casebook: string, receipt: string): string {
  return join(layoutOf(casebook).aside, `${receipt}.json`)
}

export async function putAside(casebook: string, record: AsideRecord): Promise<void> {
  await makeFolder(layoutOf(casebook).aside, 0o700)
  await replaceFile(asidePath(casebook, record.receipt), formatJsonDocument(record))
}

/**
 * Deletes the record of an envelope that could be opened after all, for example with another
 * identity.
 */
export async function takeFromAside(casebook: string, receipt: string): Promise<void> {
  await rm(asidePath(casebook, receipt), { force: true })
}
