import type { Receipt } from './blob-store.ts'
import { isReceipt } from './layout.ts'

/** What is stored about an upload besides its bytes: no name, no address, no time. */
export interface UploadRecord {
  /** The announced length. */
  bytes: number
  /** This many bytes are certainly on the disk, whatever happens to the machine. */
  durableBytes: number
  /** Counted once, when the envelope is complete. */
  isOldKeyring: boolean
  /** The receipt of a finished upload, whose envelope is in the spool; null until then. */
  receipt: Receipt | null
}

/**
 * One disk sector: it is overwritten in place, and after a power cut is either the old or the new
 * record.
 */
export const RECORD_BYTES = 512

export function encodeRecord(record: UploadRecord): Uint8Array {
  const { bytes, durableBytes, isOldKeyring, receipt } = record
  return Buffer.from(
    `${JSON.stringify({ bytes, durableBytes, isOldKeyring, receipt }).padEnd(RECORD_BYTES - 1)}\n`,
  )
}

/**
 * Null for anything but a complete record. An incomplete one belongs to a request that was never
 * answered.
 */
export function decodeRecord(block: Uint8Array): UploadRecord | null {
  if (block.length !== RECORD_BYTES) return null
  const fields = parseObject(Buffer.from(block).toString('latin1'))
  if (fields === null) return null
  const { bytes, durableBytes, isOldKeyring, receipt } = fields
  if (
    !isCount(bytes) ||
    !isCount(durableBytes) ||
    durableBytes > bytes ||
    typeof isOldKeyring !== 'boolean'
  )
    return null
  if (receipt !== null && !(typeof receipt === 'string' && isReceipt(receipt))) return null
  return { bytes, durableBytes, isOldKeyring, receipt }
}

function parseObject(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? { ...value } : null
  } catch {
    return null
  }
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0
}
