import { join } from 'node:path'
import type { Day } from '../time/day.ts'
import type { Keyring } from '../keyring/keyring.ts'
import { maxSignatureFileBytes } from '../keyring/bounds.ts'
import type { Receipt } from '../store/blob-store.ts'
import { CarryError } from './errors.ts'
import { readOnStick } from './open-on-stick.ts'
import { verifySigner } from './signer.ts'
import {
  type ExportLayout,
  envelopeNameIn,
  maxSumsBytes,
  readSums,
  sumsFileName,
  sumsSignatureFileName,
} from './sums.ts'

export interface ReadExport {
  folder: string
  /** The signer, as named in the keyring. */
  signer: string
  /** The signer's comment: how many envelopes, which day, which keyring. */
  trustedComment: string
  receipts: Receipt[]
  layout: ExportLayout
}

/**
 * Reads the list of an export folder; the envelopes themselves have yet to be checked.
 * @throws CarryError `SUMS_MISSING`, `NOT_A_FILE`, `UNSIGNED`, `SIGNER_UNKNOWN`,
 *   `SIGNATURE_INVALID` or `SUMS_INVALID`.
 */
export async function readExport(folder: string, keyring: Keyring, day: Day): Promise<ReadExport> {
  const bytes = await readFrom(folder, sumsFileName, maxSumsBytes)
  if (!bytes)
    throw new CarryError(
      'SUMS_MISSING',
      `${folder} has no ${sumsFileName}: it is no export, or it was not finished`,
    )
  const signature = await readFrom(folder, sumsSignatureFileName, maxSignatureFileBytes)
  if (!signature)
    throw new CarryError(
      'UNSIGNED',
      `${folder} has no ${sumsSignatureFileName}: the export was not finished; export again`,
    )
  const { signer, trustedComment } = verifySigner({ bytes, signature }, keyring, 'export', day)
  return { folder, signer: signer.name, trustedComment, ...readSums(bytes) }
}

async function readFrom(
  folder: string,
  name: string,
  maxBytes: number,
): Promise<Uint8Array | null> {
  return await readOnStick(join(folder, name), maxBytes).catch((error: unknown) => {
    if (!(error instanceof CarryError)) throw error
    throw new CarryError(error.code, `${join(folder, name)}: ${error.message}`, error)
  })
}

export function envelopePath({ folder, layout }: ReadExport, receipt: Receipt): string {
  return join(folder, envelopeNameIn(receipt, layout))
}
