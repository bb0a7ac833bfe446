/** RFC 9110 §14.1.2: the range of bytes that a request asks for, `end` excluded. */
export interface ByteRange {
  start: number
  end: number
}

/** Digits of a position: enough for any size, and no number that is imprecise. */
const singleRange = /^bytes=(\d{0,15})-(\d{0,15})$/i

/**
 * Reads the header `Range`. Null if the whole content is to be sent: for a header that is absent,
 * of another unit, malformed, or of several ranges, which RFC 9110 §14.2 lets a server ignore.
 */
export function readRange(
  header: string | undefined,
  bytes: number,
): ByteRange | 'unsatisfiable' | null {
  const [, first, last] = singleRange.exec(header ?? '') ?? []
  if (first === undefined || last === undefined) return null
  if (first === '') return last === '' ? null : suffixOf(Number(last), bytes)
  const start = Number(first)
  const end = last === '' ? bytes : Math.min(Number(last) + 1, bytes)
  // A last position before the first makes the header invalid, and it is ignored.
  if (last !== '' && Number(last) < start) return null
  return start < bytes ? { start, end } : 'unsatisfiable'
}

function suffixOf(length: number, bytes: number): ByteRange | 'unsatisfiable' {
  if (length === 0 || bytes === 0) return 'unsatisfiable'
  return { start: Math.max(0, bytes - length), end: bytes }
}
