import { ByteCursor } from './byte-cursor.ts'
import { ifUnusable, malformed } from './errors.ts'
import { differenceOf, readCurve, readFixed } from './icc-curve.ts'
import { type IccElement, readColourSpace, readElements } from './icc-elements.ts'
import { greyStandards, rgbStandards, type Standard } from './icc-standards.ts'

/**
 * Programs round the same standard differently: the primaries by up to a thousandth, and the curve
 * by less than one of 255 steps.
 */
const primariesRounding = 0.0025
const curveRounding = 1 / 255

/** A curve that differs more than this from every standard one is no curve of a grey picture. */
const greyRounding = 0.1

/** Tables that take precedence over primaries and curves (ICC.1:2022 §8.10). */
const tables = /^(?:A2B|D2B)[0-3]$/

/**
 * The standard profile to put in the place of a profile. Even without its texts a profile says
 * which screen or camera it belongs to, because its numbers were measured on that device.
 *
 * @returns null if the profile is damaged, or is not a standard one. Without a profile, viewers
 * take the colours for sRGB.
 */
export function standardFor(profile: Uint8Array): Uint8Array<ArrayBuffer> | null {
  try {
    const space = readColourSpace(profile)
    const elements = readElements(profile)
    if (elements.some(({ name, type }) => tables.test(name) || type === 'cicp')) return null
    const connection = new ByteCursor(profile, { at: 20 }).text(4)
    if (space === 'RGB ' && connection === 'XYZ ') return findRgb(elements)?.profile ?? null
    return space === 'GRAY' ? (findGrey(elements, connection)?.profile ?? null) : null
  } catch (error) {
    return ifUnusable(error, null)
  }
}

function findRgb(elements: readonly IccElement[]): Standard | undefined {
  const primaries = ['rXYZ', 'gXYZ', 'bXYZ'].flatMap((name) => readXyz(find(elements, name)))
  const curves = ['rTRC', 'gTRC', 'bTRC'].map((name) => readCurve(find(elements, name)))
  return rgbStandards.find(
    (standard) =>
      standard.primaries.every(
        (value, i) => Math.abs(value - (primaries[i] ?? 0)) <= primariesRounding,
      ) && curves.every((curve) => differenceOf(curve, standard.curve) <= curveRounding),
  )
}

/** The nearest one, because without its curve a grey picture would become lighter or darker. */
function findGrey(elements: readonly IccElement[], connection: string): Standard | undefined {
  const coded = readCurve(find(elements, 'kTRC'))
  const curve = connection === 'Lab ' ? (value: number) => lightOf(coded(value)) : coded
  const [nearest] = greyStandards
    .map((standard) => ({ standard, difference: differenceOf(curve, standard.curve) }))
    .sort((left, right) => left.difference - right.difference)
  return nearest !== undefined && nearest.difference <= greyRounding ? nearest.standard : undefined
}

/** CIE 15 §8.2.1: the amount of light of a lightness L*, both from 0 to 1. */
function lightOf(lightness: number): number {
  return lightness > 0.08 ? ((lightness + 0.16) / 1.16) ** 3 : lightness / 9.033
}

function find(elements: readonly IccElement[], name: string): Uint8Array {
  const found = elements.find((element) => element.name === name)
  if (found === undefined) throw malformed('a colour profile')
  return found.content
}

/** ICC.1:2022 §10.31. */
function readXyz(element: Uint8Array): number[] {
  const cursor = new ByteCursor(element)
  if (cursor.text(4) !== 'XYZ ') throw malformed('a colour profile')
  cursor.take(4)
  return [readFixed(cursor), readFixed(cursor), readFixed(cursor)]
}
