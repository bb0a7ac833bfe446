import { createHash } from 'node:crypto'
import { base32nopad } from '@scure/base'
import type { CaseView } from '../files/case-view.ts'

const refBytes = 8

/**
 * The reference of a case, or of one of its persons, for readers outside. It is stable, and no
 * spreadsheet takes it for a number. It is derived from the tip's text as well as from the receipt:
 * the server knows the receipt, and must not learn which envelope became a published case.
 */
export function refOf(
  { receipt, original }: Pick<CaseView, 'receipt' | 'original'>,
  person?: number,
): string {
  const digest = createHash('sha256')
    .update(`tumen-ref/1\n${receipt}\n${person ?? ''}\n${JSON.stringify(original)}`)
    .digest()
  return `${person === undefined ? 'case' : 'person'}-${base32nopad.encode(digest.subarray(0, refBytes)).toLowerCase()}`
}
