import { createHash } from 'node:crypto'
import { base32nopad } from '@scure/base'
import type { CaseView } from '../files/case-view.ts'

const refBytes = 8

/**
 * What a case, or one person of it, is called outside: stable, and no number to any spreadsheet.
 * Made from what the source wrote and not from the receipt alone, which the server knows: whoever
 * holds the server cannot tell which envelope a published case came in.
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
