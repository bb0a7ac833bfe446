import type { Receipt } from '../store/blob-store.ts'
import { CarryError } from './errors.ts'

export const sumsFileName = 'SHA256SUMS'
export const sumsSignatureFileName = 'SHA256SUMS.minisig'

/** One line an envelope: 64 hex digits, two spaces, 68 characters of name, a newline. */
const lineBytes = 135
export const maxExportedEnvelopes = 200_000
export const maxSumsBytes = lineBytes * maxExportedEnvelopes

const linePattern = /^([0-9a-f]{64})  ([0-9a-f]{64})\.age$/

export function envelopeFileName(receipt: Receipt): string {
  return `${receipt}.age`
}

/** What `sha256sum -c` reads. An envelope is named by its digest, so each line says it twice. */
export function formatSums(receipts: readonly Receipt[]): Uint8Array {
  const lines = receipts.toSorted().map((receipt) => `${receipt}  ${envelopeFileName(receipt)}\n`)
  return new TextEncoder().encode(lines.join(''))
}

/**
 * The receipts of an export, in order.
 * @throws CarryError `SUMS_INVALID`, naming the line.
 */
export function parseSums(bytes: Uint8Array): Receipt[] {
  if (bytes.length > maxSumsBytes) throw invalid(`is longer than ${maxSumsBytes} bytes`)
  const lines = new TextDecoder('latin1').decode(bytes).split('\n')
  if (lines.pop() !== '') throw invalid('is cut short: its last line does not end')
  const receipts = lines.map((line, index) => {
    const [, digest, name] = linePattern.exec(line) ?? []
    if (digest === undefined || digest !== name)
      throw invalid(`line ${index + 1} is not "DIGEST  DIGEST.age"`)
    return digest
  })
  if (new Set(receipts).size !== receipts.length) throw invalid('names an envelope twice')
  return receipts
}

function invalid(problem: string): CarryError {
  return new CarryError('SUMS_INVALID', `${sumsFileName} ${problem}: export again`)
}
