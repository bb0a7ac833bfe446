import { ByteCursor } from './byte-cursor.ts'
import { malformed } from './errors.ts'

/** ICC.1:2022 §7.2, §7.3: the sizes of the header and of an entry of the table of tags. */
export const headerBytes = 128
export const entryBytes = 12
const maxTags = 100

/** One entry of the table of tags, with the element that it points to. */
export interface IccElement {
  name: string
  type: string
  start: number
  content: Uint8Array
}

/**
 * Reads all tags of a colour profile.
 *
 * @throws CleaningError `MALFORMED`
 */
export function readElements(profile: Uint8Array): IccElement[] {
  const bytes = new ByteCursor(profile).uint(4)
  if (bytes > profile.length || new ByteCursor(profile, { at: 36 }).text(4) !== 'acsp')
    throw malformed('a colour profile')
  const whole = profile.subarray(0, bytes)
  const table = new ByteCursor(whole, { at: headerBytes })
  const count = table.uint(4)
  const tableEnd = headerBytes + 4 + count * entryBytes
  if (count > maxTags) throw malformed('a colour profile')
  return Array.from({ length: count }, () => {
    const [name, start, elementBytes] = [table.text(4), table.uint(4), table.uint(4)]
    if (start < tableEnd) throw malformed('a colour profile')
    const content = new ByteCursor(whole, { at: start }).take(elementBytes)
    return { name, type: new ByteCursor(content).text(4), start, content }
  })
}

/** §7.2.6: the colour space of the picture, such as `RGB `, `GRAY` or `CMYK`. */
export function readColourSpace(profile: Uint8Array): string {
  return new ByteCursor(profile, { at: 16 }).text(4)
}
