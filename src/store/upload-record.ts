import type { Receipt } from './blob-store.ts'
import { isReceipt } from './layout.ts'

/** What is known of an upload besides its bytes: no name, no address, no time. */
export interface UploadRecord {
  /** The announced length. */
  bytes: number
  /** So many bytes are surely on the disk, whatever happens to the machine. */
  durableBytes: number
  /** To be counted once, when the envelope is whole. */
  isOldKeyring: boolean
  /** The upload is finished, its envelope in the spool; null until then. */
  receipt: Receipt | null
}

/** One sector: written in place, it is either the old record or the new one after a power cut. */
export const RECORD_BYTES = 512

export function encodeRecord(record: UploadRecord): Uint8Array {
  const { bytes, durableBytes, isOldKeyring, receipt } = record
  return Buffer.from(
    `${JSON.stringify({ bytes, durableBytes, isOldKeyring, receipt }).padEnd(RECORD_BYTES - 1)}\n`,
  )
}

/** Null for anything else: a record cut short was never answered for. */
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
