import { sealedFileBytes, sealHeader } from '../../age/file.ts'
import type { Recipient } from '../../age/keys.ts'
import { digestRange } from '../../age/place-work.ts'
import { partBytes } from '../../age/plaintext-parts.ts'
import { sealInPlace } from '../../age/seal-in-place.ts'
import { loadSodiumPrimitives } from '../../age/sodium.ts'
import { writeAt } from '../../age/write-file.ts'
import type { PlacedFile } from '../../seal/plan-tip.ts'
import { planTip } from '../../seal/plan-tip.ts'
import type { DetentionTip } from '../../tip/schema.ts'
import { serializeTip } from '../../tip/tip-json.ts'
import { failure } from '../frame/errors.ts'
import type { OpenFile } from './attachments.ts'

/** A file that is attached exactly as it lies on the disk. */
type UnchangedFile = PlacedFile & Pick<OpenFile, 'handle'>

/** The files, if all of them are attached unchanged; null if one of them was cleaned. */
export function placedFiles(files: readonly OpenFile[]): UnchangedFile[] | null {
  const placed = files.flatMap((file) =>
    file.range === null ? [] : [{ ...file, range: file.range }],
  )
  return placed.length === files.length ? placed : null
}

/**
 * Seals a tip in one pass over its files into a file that is open for reading and writing.
 * @throws CliError if a file changed meanwhile, because its digest would not match what was sealed
 */
export async function sealToFile(
  outputFd: number,
  work: {
    recipients: Recipient[]
    tip: DetentionTip
    files: readonly UnchangedFile[]
    isReceiptWanted: boolean
  },
  onBytes: (bytes: number) => void,
): Promise<{ bytes: number; receipt: string | null }> {
  const { files } = work
  const before = await statesOf(files)
  const { parts, begin } = await planTip({ ...work, serialize: serializeTip })
  const header = sealHeader(await loadSodiumPrimitives(), work.recipients)
  writeAt(outputFd, header.bytes, 0)
  try {
    await sealInPlace({
      key: header.payloadKey,
      parts,
      files: files.map(({ range }) => range),
      begin,
      outputFd,
      outputAt: header.bytes.length,
      onBytes,
    })
  } finally {
    header.payloadKey.fill(0)
  }
  if ((await statesOf(files)) !== before)
    throw failure('a file changed while it was sealed: try again')
  const plaintextBytes = parts.reduce((sum, part) => sum + partBytes(part), 0)
  const bytes = sealedFileBytes(header, plaintextBytes)
  const whole = { fd: outputFd, position: 0, length: bytes }
  return { bytes, receipt: work.isReceiptWanted ? digestRange(whole) : null }
}

/** Size and times of all files as one text. */
async function statesOf(files: readonly UnchangedFile[]): Promise<string> {
  const stats = await Promise.all(files.map(({ handle }) => handle.stat({ bigint: true })))
  return stats.map(({ size, mtimeNs, ctimeNs }) => `${size} ${mtimeNs} ${ctimeNs}`).join('\n')
}
