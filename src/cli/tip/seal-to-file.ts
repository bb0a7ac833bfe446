import { sealedFileBytes, sealHeader } from '../../age/file.ts'
import type { Recipient } from '../../age/keys.ts'
import { digestRange } from '../../age/place-work.ts'
import type { PlaceThreads } from '../../age/place-threads.ts'
import { partBytes } from '../../age/plaintext-parts.ts'
import { sealInPlace } from '../../age/seal-in-place.ts'
import { loadSodiumPrimitives } from '../../age/sodium.ts'
import { writeAt } from '../../age/write-file.ts'
import type { PlacedFile } from '../../seal/plan-tip.ts'
import { planTip } from '../../seal/plan-tip.ts'
import type { DetentionTip } from '../../tip/schema.ts'
import { serializeTip } from '../../tip/tip-json.ts'
import type { OpenFile } from './attachments.ts'

/** The files, if all of them are attached unchanged; null if one of them was cleaned. */
export function placedFiles(files: readonly OpenFile[]): PlacedFile[] | null {
  const placed = files.flatMap((file) =>
    file.range === null ? [] : [{ ...file, range: file.range }],
  )
  return placed.length === files.length ? placed : null
}

/**
 * Seals a tip in one pass over its files into a file that is open for reading and writing. A thread
 * reads the files for their digests while the rest is sealed.
 */
export async function sealToFile(
  outputFd: number,
  work: {
    recipients: Recipient[]
    tip: DetentionTip
    files: readonly PlacedFile[]
    isReceiptWanted: boolean
    threads: PlaceThreads
  },
  onBytes: (bytes: number) => void,
): Promise<{ bytes: number; receipt: string | null }> {
  const { files, threads } = work
  const digests = threads.digest(files.map(({ range }) => range))
  // It is awaited later, or not at all after another failure.
  digests.catch(() => undefined)
  const { parts, begin } = await planTip({ ...work, serialize: serializeTip })
  const header = sealHeader(await loadSodiumPrimitives(), work.recipients)
  writeAt(outputFd, header.bytes, 0)
  try {
    await sealInPlace({
      threads,
      key: header.payloadKey,
      parts,
      digests,
      begin,
      outputFd,
      outputAt: header.bytes.length,
      onBytes,
    })
  } finally {
    header.payloadKey.fill(0)
  }
  const plaintextBytes = parts.reduce((sum, part) => sum + partBytes(part), 0)
  const bytes = sealedFileBytes(header, plaintextBytes)
  const whole = { fd: outputFd, position: 0, length: bytes }
  return { bytes, receipt: work.isReceiptWanted ? digestRange(whole) : null }
}
