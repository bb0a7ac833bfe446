import { secret } from './pictures.ts'

interface Options {
  orientation?: number
  isLittleEndian?: boolean
  /** Offset of the first directory; cameras write 8. */
  directoryAt?: number
}

/**
 * TIFF 6.0 §2: a directory with a maker, the orientation, and a maker's note in a format that no
 * program knows.
 */
export function makeExif({
  orientation = 6,
  isLittleEndian = false,
  directoryAt = 8,
}: Options = {}): Buffer {
  const put = (bytes: 2 | 4, value: number): Buffer => {
    const digits = Buffer.alloc(bytes)
    if (isLittleEndian) digits.writeUIntLE(value, 0, bytes)
    else digits.writeUIntBE(value, 0, bytes)
    return digits
  }
  const note = Buffer.from(`Apple iOS\0${secret} maker's note`)
  const notesAt = directoryAt + 2 + 3 * 12 + 4
  return Buffer.concat([
    Buffer.from(isLittleEndian ? 'II' : 'MM'),
    put(2, 42),
    put(4, directoryAt),
    Buffer.alloc(directoryAt - 8),
    put(2, 3),
    put(2, 0x010f),
    put(2, 2),
    put(4, note.length),
    put(4, notesAt),
    put(2, 0x0112),
    put(2, 3),
    put(4, 1),
    put(2, orientation),
    put(2, 0),
    put(2, 0x927c),
    put(2, 7),
    put(4, note.length),
    put(4, notesAt),
    put(4, 0),
    note,
  ])
}

/** EXIF with nothing but the orientation, as it is left in a cleaned picture. */
export function turnedBy(orientation: number): Buffer {
  return Buffer.from(
    `4d4d002a00000008 0001 0112 0003 00000001 000${orientation}0000 00000000`.replaceAll(' ', ''),
    'hex',
  )
}
