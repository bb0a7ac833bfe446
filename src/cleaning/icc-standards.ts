import { concat } from '../age/bytes.ts'
import { toBytes, toUint32 } from './bytes.ts'
import { type Curve, readCurve } from './icc-curve.ts'
import { entryBytes, headerBytes } from './icc-elements.ts'

/**
 * The only colour profiles that a cleaned picture has, apart from those for printing. Each is made
 * here, so that it is the same in every picture and says nothing about a screen, a camera or a
 * program.
 */
export interface Standard {
  name: string
  curve: Curve
  /** Red, green and blue as X, Y, Z each, adapted to D50; empty for grey. */
  primaries: readonly number[]
  profile: Uint8Array<ArrayBuffer>
}

/** IEC 61966-2-1, ITU-R BT.2020 and Adobe RGB (1998): parameters of the tone curves. */
const tones = {
  srgb: [2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045],
  rec2020: [1 / 0.45, 1 / 1.0993, 0.0993 / 1.0993, 1 / 4.5, 0.08145],
  adobe: [563 / 256],
  linear: [1],
  gamma18: [1.8],
  gamma24: [2.4],
}

const d50 = [0.9642, 1, 0.8249]

export const rgbStandards: readonly Standard[] = [
  makeStandard('sRGB', tones.srgb, [
    [0.43607, 0.22249, 0.01392],
    [0.38515, 0.71687, 0.09708],
    [0.14307, 0.06061, 0.7141],
  ]),
  makeStandard('Display P3', tones.srgb, [
    [0.51512, 0.2412, -0.00105],
    [0.29198, 0.69225, 0.04189],
    [0.1571, 0.06657, 0.78407],
  ]),
  makeStandard('Adobe RGB', tones.adobe, [
    [0.60974, 0.31111, 0.01947],
    [0.20528, 0.62567, 0.06087],
    [0.14919, 0.06322, 0.74457],
  ]),
  makeStandard('Rec. 2020', tones.rec2020, [
    [0.67346, 0.27904, -0.00193],
    [0.16567, 0.67535, 0.02998],
    [0.12506, 0.04561, 0.79686],
  ]),
]

/** Grey pictures have one curve and no primaries. */
export const greyStandards: readonly Standard[] = [
  makeStandard('Grey sRGB', tones.srgb, []),
  makeStandard('Grey linear', tones.linear, []),
  makeStandard('Grey 1.8', tones.gamma18, []),
  makeStandard('Grey 2.2', tones.adobe, []),
  makeStandard('Grey 2.4', tones.gamma24, []),
]

function makeStandard(
  name: string,
  tone: readonly number[],
  primaries: readonly (readonly number[])[],
): Standard {
  const curve = concat(
    toBytes('para\0\0\0\0\0'),
    Uint8Array.of(tone.length === 1 ? 0 : 3, 0, 0),
    ...tone.map(toFixed),
  )
  const curveNames = primaries.length === 0 ? ['kTRC'] : ['rTRC', 'gTRC', 'bTRC']
  const profile = assemble(primaries.length === 0 ? 'GRAY' : 'RGB ', [
    { names: ['desc', 'cprt'], element: toText(name) },
    { names: ['wtpt'], element: toXyz(d50) },
    ...primaries.map((xyz, i) => ({ names: [`${'rgb'[i]}XYZ`], element: toXyz(xyz) })),
    { names: curveNames, element: curve },
  ])
  return { name, curve: readCurve(curve), primaries: primaries.flat(), profile }
}

/** Tags that share an element point to the same bytes. */
function assemble(
  space: string,
  shared: readonly { names: readonly string[]; element: Uint8Array }[],
): Uint8Array<ArrayBuffer> {
  const count = shared.flatMap(({ names }) => names).length
  let at = headerBytes + 4 + count * entryBytes
  const table: Uint8Array[] = [toUint32(count)]
  for (const { names, element } of shared) {
    for (const name of names) table.push(toBytes(name), toUint32(at), toUint32(element.length))
    at += element.length
  }
  return concat(makeHeader(at, space), ...table, ...shared.map(({ element }) => element))
}

/** ICC.1:2022 §7.2: version 4.3, a display, XYZ. There is no date, device or program. */
function makeHeader(bytes: number, space: string): Uint8Array<ArrayBuffer> {
  const header = new Uint8Array(headerBytes)
  header.set(toUint32(bytes))
  header.set(toUint32(0x04300000), 8)
  header.set(toBytes(`mntr${space}XYZ `), 12)
  header.set(toBytes('acsp'), 36)
  header.set(concat(...d50.map(toFixed)), 68)
  return header
}

/** §10.15: one text in English, filled up to whole groups of four bytes. */
function toText(text: string): Uint8Array<ArrayBuffer> {
  const utf16 = concat(...Array.from(text, (letter) => toBytes(`\0${letter}`)))
  return concat(
    toBytes('mluc\0\0\0\0\0\0\0\x01\0\0\0\x0cenUS'),
    toUint32(utf16.length),
    toUint32(28),
    utf16,
    new Uint8Array(-utf16.length & 3),
  )
}

function toXyz(values: readonly number[]): Uint8Array<ArrayBuffer> {
  return concat(toBytes('XYZ \0\0\0\0'), ...values.map(toFixed))
}

function toFixed(value: number): Uint8Array<ArrayBuffer> {
  return toUint32(Math.round(value * 65536) >>> 0)
}
