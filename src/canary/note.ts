import { ascii } from '../age/bytes.ts'
import { fileKeyBytes } from '../age/recipient-stanzas.ts'
import type { Day } from '../time/day.ts'
import { isDay } from '../time/day.ts'
import { objectIn } from '../json/object-in.ts'

/** A note that ops writes to the disk before it sends a canary. */
export interface CanaryNote {
  /** The file key of the canary's envelope. */
  fileKey: Uint8Array
  token: string
  day: Day
}

export const tokenBytes = 16
export const maxNoteBytes = 512

export function formatNote({ fileKey, token, day }: CanaryNote): Uint8Array {
  return ascii(
    `${JSON.stringify({ file_key: Buffer.from(fileKey).toString('hex'), token, day })}\n`,
  )
}

/** Never throws: returns null for any bytes that `formatNote` would not have written. */
export function parseNote(bytes: Uint8Array): CanaryNote | null {
  if (bytes.length > maxNoteBytes) return null
  const { file_key: fileKey, token, day } = objectIn(Buffer.from(bytes).toString('latin1'))
  if (
    !isHex(fileKey, fileKeyBytes) ||
    !isHex(token, tokenBytes) ||
    typeof day !== 'string' ||
    !isDay(day)
  )
    return null
  return { fileKey: new Uint8Array(Buffer.from(fileKey, 'hex')), token, day }
}

function isHex(value: unknown, bytes: number): value is string {
  return typeof value === 'string' && value.length === 2 * bytes && /^[0-9a-f]+$/.test(value)
}
