import type { Receipt } from '../store/blob-store.ts'
import { CarryError } from './errors.ts'

export const sumsFileName = 'SHA256SUMS'
export const sumsSignatureFileName = 'SHA256SUMS.minisig'

/**
 * Length of the line of one envelope: 64 hex digits, two spaces, 68 characters of name, a newline.
 */
const lineBytes = 135
export const maxExportedEnvelopes = 200_000
export const maxSumsBytes = lineBytes * maxExportedEnvelopes

/** In a split export each name has three more characters. */
export const maxSplitEnvelopes = Math.floor(maxSumsBytes / (lineBytes + 3))

const linePattern = /^([0-9a-f]{64})  (?:([0-9a-f]{2})\/)?([0-9a-f]{64})\.age$/

/**
 * With more envelopes than this, an export is split into folders. A folder on a FAT stick has space
 * for about 9,300 such names, and every program lists a folder of a few thousand quickly.
 */
export const maxFlatEnvelopes = 4096

/**
 * `flat`: the envelopes are next to SHA256SUMS. `split`: they are in folders named by the first two
 * digits.
 */
export type ExportLayout = 'flat' | 'split'

export function layoutFor(envelopes: number): ExportLayout {
  return envelopes > maxFlatEnvelopes ? 'split' : 'flat'
}

export function envelopeFileName(receipt: Receipt): string {
  return `${receipt}.age`
}

/** The folder of an envelope within its export; '' in a flat export. */
export function folderOf(receipt: Receipt, layout: ExportLayout): string {
  return layout === 'split' ? receipt.slice(0, 2) : ''
}

/** The path of an envelope within its export. */
export function envelopeNameIn(receipt: Receipt, layout: ExportLayout): string {
  const folder = folderOf(receipt, layout)
  return folder === '' ? envelopeFileName(receipt) : `${folder}/${envelopeFileName(receipt)}`
}

/**
 * The sums in the format of `sha256sum -c`. An envelope is named by its digest, so each line
 * contains the digest twice.
 */
export function formatSums(
  receipts: readonly Receipt[],
  layout: ExportLayout = 'flat',
): Uint8Array {
  const lines = receipts
    .toSorted()
    .map((receipt) => `${receipt}  ${envelopeNameIn(receipt, layout)}\n`)
  return new TextEncoder().encode(lines.join(''))
}

/**
 * The receipts of an export, in order.
 * @throws CarryError `SUMS_INVALID`, naming the line.
 */
export function parseSums(bytes: Uint8Array): Receipt[] {
  return readSums(bytes).receipts
}

/** Like `parseSums`, and also returns the layout, which must be the same in all lines. */
export function readSums(bytes: Uint8Array): { receipts: Receipt[]; layout: ExportLayout } {
  if (bytes.length > maxSumsBytes) throw invalid(`is longer than ${maxSumsBytes} bytes`)
  const lines = new TextDecoder('latin1').decode(bytes).split('\n')
  if (lines.pop() !== '') throw invalid('is cut short: its last line does not end')
  const layout = lines[0]?.includes('/') === true ? 'split' : 'flat'
  const receipts = lines.map((line, index) => {
    const [, digest, folder = '', name] = linePattern.exec(line) ?? []
    if (digest === undefined || digest !== name)
      throw invalid(`line ${index + 1} is not "DIGEST  DIGEST.age"`)
    if (folder !== folderOf(digest, layout))
      throw invalid(`line ${index + 1} names another folder than the digest does`)
    return digest
  })
  if (new Set(receipts).size !== receipts.length) throw invalid('names an envelope twice')
  return { receipts, layout }
}

function invalid(problem: string): CarryError {
  return new CarryError('SUMS_INVALID', `${sumsFileName} ${problem}: export again`)
}
