const text = (value: string): Buffer => Buffer.from(value, 'latin1')

const uint32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4)
  bytes.writeInt32BE(value)
  return bytes
}

const fixed = (value: number): Buffer => uint32(Math.round(value * 65536))
export const xyz = (...values: number[]): Buffer =>
  Buffer.concat([text('XYZ '), uint32(0), ...values.map(fixed)])
export const gamma = (value: number): Buffer =>
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
export function screenProfile(
  changes: Readonly<Record<string, Buffer | null>> = {},
  space = 'RGB XYZ ',
): Buffer {
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
    space,
  )
}

/** A curve as a table of values from 0 to 1. */
export function curveOf(count: number, toLight: (value: number) => number): Buffer {
  const values = Array.from({ length: count }, (_, i) =>
    Math.round(65535 * toLight(i / (count - 1))),
  )
  const table = Buffer.alloc(2 * count)
  for (const [i, value] of values.entries()) table.writeUInt16BE(value, 2 * i)
  return Buffer.concat([text('curv'), uint32(0), uint32(count), table])
}

export const srgbLight = (value: number): number =>
  value > 0.04045 ? ((value + 0.055) / 1.055) ** 2.4 : value / 12.92

/** A profile of one standard, as some program rounds it, with the texts of a screen. */
export function rgbProfile(
  primaries: readonly (readonly number[])[],
  curve: Buffer,
  changes: Parameters<typeof screenProfile>[0] = {},
): Buffer {
  const [red = [], green = [], blue = []] = primaries
  return screenProfile({
    rXYZ: xyz(...red),
    gXYZ: xyz(...green),
    bXYZ: xyz(...blue),
    rTRC: curve,
    gTRC: curve,
    bTRC: curve,
    ...changes,
  })
}

/** IEC 61966-2-1, as an operating system of 1998 rounds it. */
export const srgbPrimaries = [
  [0.43607, 0.22249, 0.01392],
  [0.38515, 0.71687, 0.09708],
  [0.14307, 0.06061, 0.7141],
]

export const srgbProfile = (): Buffer => rgbProfile(srgbPrimaries, curveOf(1024, srgbLight))

/** A profile for grey pictures, with nothing but a curve. */
export function greyProfile(curve: Buffer, connection = 'XYZ '): Buffer {
  const colours = ['rXYZ', 'gXYZ', 'bXYZ', 'rTRC', 'gTRC', 'bTRC'].map((name) => [name, null])
  return screenProfile({ ...Object.fromEntries(colours), kTRC: curve }, `GRAY${connection}`)
}

function assemble(tags: readonly (readonly [string, Buffer])[], space: string): Buffer {
  const table = [uint32(tags.length)]
  const elements: Buffer[] = []
  let at = 128 + 4 + 12 * tags.length
  for (const [name, element] of tags) {
    const padded = Buffer.concat([element, Buffer.alloc(-element.length & 3)])
    table.push(text(name), uint32(at), uint32(element.length))
    elements.push(padded)
    at += padded.length
  }
  return Buffer.concat([header(at, space), ...table, ...elements])
}

function header(bytes: number, space: string): Buffer {
  const profile = Buffer.alloc(128)
  profile.writeUInt32BE(bytes, 0)
  profile.write('appl', 4)
  profile.writeUInt32BE(0x02400000, 8)
  profile.write(`mntr${space}`, 12)
  for (const [i, part] of [2017, 11, 4, 8, 9, 10].entries()) profile.writeUInt16BE(part, 24 + 2 * i)
  profile.write('acspAPPL', 36)
  profile.write('MAKEMODL', 48)
  for (const [i, part] of [0.9642, 1, 0.8249].entries()) fixed(part).copy(profile, 68 + 4 * i)
  profile.write('MADEDIGEST-OF-ALL', 80)
  return profile
}
