/** A real JPEG, 8×8 pixels of dark red, with no metadata except its size. */
export const pictureWithoutPlace = Buffer.from(
  '/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAFA3PEY8MlBGQUZaVVBfeMiCeG5uePWvuZHI////////////////////////////////////////////////////2wBDAVVaWnhpeOuCguv' +
    '/////////////////////////////////////////////////////////////////////////wAARCAAIAAgDASIAAhEBAxEB/8QAFQABAQAAAAAAAAAAAAAAAAAAAAP/xAAUEAEAAAAAAAA' +
    'AAAAAAAAAAAAA/8QAFQEBAQAAAAAAAAAAAAAAAAAAAgP/xAAUEQEAAAAAAAAAAAAAAAAAAAAA/9oADAMBAAIRAxEAPwCYArP/2Q==',
  'base64',
)

/** The text that the camera wrote next to the location; tests search the sealed files for it. */
export const cameraModel = 'Tumen Testcamera 7'

/**
 * A JPEG as a phone makes it, with the camera model and a location near Shenyang (41°48'N 123°25'E)
 * in the GPS directory of its EXIF.
 */
export function pictureWithPlace(): Buffer {
  const exif = Buffer.concat([Buffer.from('Exif\0\0', 'latin1'), tiffWithPlace()])
  const segment = Buffer.alloc(4)
  segment.writeUInt16BE(0xffe1, 0)
  segment.writeUInt16BE(exif.length + 2, 2)
  return Buffer.concat([
    pictureWithoutPlace.subarray(0, 2),
    segment,
    exif,
    pictureWithoutPlace.subarray(2),
  ])
}

interface Field {
  tag: number
  /** TIFF 6.0 §2: 2 text, 4 long, 5 rational. */
  type: 2 | 4 | 5
  count: number
  value: Buffer
}

function tiffWithPlace(): Buffer {
  const head = Buffer.from([0x49, 0x49, 0x2a, 0, 8, 0, 0, 0])
  const offsetToGps = (at: number): Field => ({ tag: 0x8825, type: 4, count: 1, value: long(at) })
  const model = text(0x0110, cameraModel)
  const gpsAt = head.length + directory([model, offsetToGps(0)], head.length).length
  const place = [text(1, 'N'), degrees(2, 41, 48), text(3, 'E'), degrees(4, 123, 25)]
  return Buffer.concat([
    head,
    directory([model, offsetToGps(gpsAt)], head.length),
    directory(place, gpsAt),
  ])
}

/** One directory, followed by the values that are longer than four bytes. */
function directory(fields: readonly Field[], at: number): Buffer {
  const valuesAt = at + 2 + fields.length * 12 + 4
  const isLong = (value: Buffer): boolean => value.length > 4
  let behind = Buffer.alloc(0)
  const entries = fields.map(({ tag, type, count, value }) => {
    const entry = Buffer.alloc(12)
    entry.writeUInt16LE(tag, 0)
    entry.writeUInt16LE(type, 2)
    entry.writeUInt32LE(count, 4)
    if (!isLong(value)) value.copy(entry, 8)
    else {
      entry.writeUInt32LE(valuesAt + behind.length, 8)
      behind = Buffer.concat([behind, value, Buffer.alloc(value.length % 2)])
    }
    return entry
  })
  const count = Buffer.alloc(2)
  count.writeUInt16LE(fields.length)
  return Buffer.concat([count, ...entries, long(0), behind])
}

function text(tag: number, value: string): Field {
  const bytes = Buffer.from(`${value}\0`, 'latin1')
  return { tag, type: 2, count: bytes.length, value: bytes }
}

function degrees(tag: number, whole: number, minutes: number): Field {
  return { tag, type: 5, count: 3, value: Buffer.concat([whole, 1, minutes, 1, 0, 1].map(long)) }
}

function long(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(value)
  return bytes
}
