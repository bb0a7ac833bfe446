const text = (value: string): Buffer => Buffer.from(value, 'latin1')

const uint32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4)
  bytes.writeInt32BE(value)
  return bytes
}

const fixed = (value: number): Buffer => uint32(Math.round(value * 65536))
const xyz = (...values: number[]): Buffer =>
  Buffer.concat([text('XYZ '), uint32(0), ...values.map(fixed)])
const gamma = (value: number): Buffer =>
  Buffer.concat([
    text('curv'),
    uint32(0),
    uint32(1),
    Buffer.from([Math.floor(value), Math.round((value % 1) * 256)]),
    Buffer.alloc(2),
  ])

function describe(value: string): Buffer {
  return Buffer.concat([
    text('desc'),
    uint32(0),
    uint32(value.length + 1),
    text(`${value}\0`),
    Buffer.alloc(78),
  ])
}

/**
 * A version 2 profile (ICC.1:2001-04), by default with the tags of a screen: serial number, dates,
 * names.
 */
export function screenProfile(changes: Readonly<Record<string, Buffer | null>> = {}): Buffer {
  const tags: Readonly<Record<string, Buffer | null>> = {
    desc: describe('TUMEN-SECRET screen'),
    cprt: text('text\0\0\0\0TUMEN-SECRET profile copyright\0\0'),
    rXYZ: xyz(0.515, 0.241, -0.001),
    gXYZ: xyz(0.292, 0.692, 0.042),
    bXYZ: xyz(0.157, 0.067, 0.784),
    wtpt: xyz(0.964, 1, 0.825),
    rTRC: gamma(2.2),
    gTRC: gamma(2.2),
    bTRC: gamma(2.2),
    dmdd: describe('TUMEN-SECRET screen model'),
    mmod: Buffer.concat([text('mmod'), uint32(0), text('TUMEN-SECRET screen serial  ')]),
    targ: text('text\0\0\0\0TUMEN-SECRET measured\0\0\0'),
    ...changes,
  }
  return assemble(
    Object.entries(tags).filter((entry): entry is [string, Buffer] => entry[1] !== null),
  )
}

function assemble(tags: readonly (readonly [string, Buffer])[]): Buffer {
  const table = [uint32(tags.length)]
  const elements: Buffer[] = []
  let at = 128 + 4 + 12 * tags.length
  for (const [name, element] of tags) {
    const padded = Buffer.concat([element, Buffer.alloc(-element.length & 3)])
    table.push(text(name), uint32(at), uint32(element.length))
    elements.push(padded)
    at += padded.length
  }
  return Buffer.concat([header(at), ...table, ...elements])
}

function header(bytes: number): Buffer {
  const profile = Buffer.alloc(128)
  profile.writeUInt32BE(bytes, 0)
  profile.write('appl', 4)
  profile.writeUInt32BE(0x02400000, 8)
  profile.write('mntrRGB XYZ ', 12)
  for (const [i, part] of [2017, 11, 4, 8, 9, 10].entries()) profile.writeUInt16BE(part, 24 + 2 * i)
  profile.write('acspAPPL', 36)
  profile.write('MAKEMODL', 48)
  for (const [i, part] of [0.9642, 1, 0.8249].entries()) fixed(part).copy(profile, 68 + 4 * i)
  profile.write('MADEDIGEST-OF-ALL', 80)
  return profile
}
