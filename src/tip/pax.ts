import { TipError } from './errors.ts'

/** Extended header records (IEEE 1003.1, pax Extended Header): `length SP key=value LF`. */

const encoder = new TextEncoder()

/** Encodes one record, whose length includes its own digits. */
export function encodePaxRecord(key: string, value: string): Uint8Array {
  const rest = encoder.encode(` ${key}=${value}\n`).length
  let length = rest + String(rest).length
  if (rest + String(length).length !== length) length = rest + String(length).length
  return encoder.encode(`${length} ${key}=${value}\n`)
}

const damaged = (cause?: unknown): TipError =>
  new TipError(
    'TAR_PAX',
    'an extended tar header is not made of pax records; the archive is damaged',
    cause,
  )

const decodeText = (bytes: Uint8Array): string => {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch (cause) {
    throw damaged(cause)
  }
}

interface PaxRecord {
  key: string
  value: Uint8Array
  end: number
}

const readRecord = (bytes: Uint8Array, start: number): PaxRecord => {
  const space = bytes.indexOf(0x20, start)
  // Five digits are enough for the largest extended header that is accepted.
  const digits = space < 0 || space - start > 5 ? '' : decodeText(bytes.subarray(start, space))
  if (!/^[1-9]\d*$/u.test(digits)) throw damaged()
  const end = start + Number(digits)
  const equals = bytes.indexOf(0x3d, space)
  if (
    end > bytes.length ||
    equals < 0 ||
    equals >= end - 1 ||
    equals === space + 1 ||
    bytes[end - 1] !== 0x0a
  )
    throw damaged()
  return {
    key: decodeText(bytes.subarray(space + 1, equals)),
    value: bytes.subarray(equals + 1, end - 1),
    end,
  }
}

/** The values of an extended header that replace those in the header of the next entry. */
export interface PaxOverrides {
  path?: Uint8Array
  bytes?: number
}

const parseSize = (value: Uint8Array): number => {
  const digits = decodeText(value)
  const bytes = /^\d{1,16}$/u.test(digits) ? Number(digits) : Number.NaN
  if (!Number.isSafeInteger(bytes))
    throw new TipError('TAR_SIZE', 'a pax size is not a number of bytes; pack the files again')
  return bytes
}

/** The values that a forgiving reader takes from an extended header, and what was wrong with it. */
export interface ForgivenPax {
  overrides: PaxOverrides
  /**
   * Whether the entry is a sparse file in one of GNU's pax forms, whose content is not that of the
   * file.
   */
  isSparse: boolean
  problem: string | null
}

/**
 * Like `parsePax`, for archives that people made by hand: reading stops at a damaged record, of two
 * paths or sizes the later counts as POSIX requires, and a path for the whole archive is ignored.
 */
export function forgivePax(bytes: Uint8Array, scope: 'x' | 'g'): ForgivenPax {
  const forgiven: ForgivenPax = { overrides: {}, isSparse: false, problem: null }
  try {
    for (let at = 0; at < bytes.length; ) {
      const { key, value, end } = readRecord(bytes, at)
      at = end
      takeRecord(forgiven, scope, key, value)
    }
  } catch (error) {
    if (!(error instanceof TipError)) throw error
    forgiven.problem = error.message
  }
  return forgiven
}

function takeRecord(forgiven: ForgivenPax, scope: 'x' | 'g', key: string, value: Uint8Array): void {
  const { overrides } = forgiven
  if (key.startsWith('GNU.sparse.')) forgiven.isSparse = true
  if (key !== 'path' && key !== 'size') return
  if (scope === 'g') {
    forgiven.problem = 'a path or size is given for the whole archive, and was ignored'
    return
  }
  const isTwice = key === 'path' ? overrides.path !== undefined : overrides.bytes !== undefined
  if (isTwice) forgiven.problem = 'a path or size is given twice; the second one was used'
  if (key === 'path') overrides.path = value
  else overrides.bytes = parseSize(value)
}

const refuseSparse = (key: string): void => {
  if (key.startsWith('GNU.sparse.')) {
    throw new TipError(
      'TAR_ENTRY_TYPE',
      'a sparse file is in the archive; pack the files again without --sparse',
    )
  }
}

/**
 * Reads `path` and `size` and ignores all other records (times, owners, comments). A second `path`
 * or `size`, or one for the whole archive, is refused, because readers disagree on which value
 * counts.
 *
 * @param scope `x` for the next entry, `g` for the whole archive
 * @throws TipError `TAR_PAX`, `TAR_SIZE`, `TAR_ENTRY_TYPE`.
 */
export function parsePax(bytes: Uint8Array, scope: 'x' | 'g'): PaxOverrides {
  const overrides: PaxOverrides = {}
  for (let at = 0; at < bytes.length; ) {
    const { key, value, end } = readRecord(bytes, at)
    at = end
    refuseSparse(key)
    if (key !== 'path' && key !== 'size') continue
    const isTwice = key === 'path' ? overrides.path !== undefined : overrides.bytes !== undefined
    if (scope === 'g' || isTwice)
      throw new TipError(
        'TAR_PAX',
        'a path or size is given twice, or for the whole archive; pack the files again',
      )
    if (key === 'path') overrides.path = value
    else overrides.bytes = parseSize(value)
  }
  return overrides
}
