import type { Receipt } from '../store/blob-store.ts'
import { CarryError } from './errors.ts'

export const sumsFileName = 'SHA256SUMS'
export const sumsSignatureFileName = 'SHA256SUMS.minisig'

/** One line an envelope: 64 hex digits, two spaces, 68 characters of name, a newline. */
const lineBytes = 135
export const maxExportedEnvelopes = 200_000
export const maxSumsBytes = lineBytes * maxExportedEnvelopes

/** The name in a split export has three characters more. */
export const maxSplitEnvelopes = Math.floor(maxSumsBytes / (lineBytes + 3))

const linePattern = /^([0-9a-f]{64})  (?:([0-9a-f]{2})\/)?([0-9a-f]{64})\.age$/

/**
 * Above this an export is split into folders. A folder of a FAT stick takes about 9,300 such names,
 * and every program lists a folder of a few thousand quickly.
 */
export const maxFlatEnvelopes = 4096

/** `flat`: next to SHA256SUMS. `split`: in folders named by the first two digits. */
export type ExportLayout = 'flat' | 'split'

export function layoutFor(envelopes: number): ExportLayout {
  return envelopes > maxFlatEnvelopes ? 'split' : 'flat'
}

export function envelopeFileName(receipt: Receipt): string {
  return `${receipt}.age`
}

/** The folder of an envelope within its export; '' in a flat one. */
export function folderOf(receipt: Receipt, layout: ExportLayout): string {
  return layout === 'split' ? receipt.slice(0, 2) : ''
}

/** Where an envelope is within its export. */
export function envelopeNameIn(receipt: Receipt, layout: ExportLayout): string {
  const folder = folderOf(receipt, layout)
  return folder === '' ? envelopeFileName(receipt) : `${folder}/${envelopeFileName(receipt)}`
}

/** What `sha256sum -c` reads. An envelope is named by its digest, so each line says it twice. */
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

/** As `parseSums`, with the layout, which all lines must share. */
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
