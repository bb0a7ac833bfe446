import type { Place } from '../../tip/event.ts'
import { codeOfHangul, codeOfLatin } from '../people/romanise.ts'
import { printable } from '../text/printable.ts'
import type { GazetteerPlace } from './gazetteer.ts'
import { gazetteer, placesById } from './gazetteer.ts'

/** Longer than any description of one place; a tip allows 500 characters. */
const maxPlaceCharacters = 200
/** Too many places share a shorter sound code. */
const minSoundCharacters = 4

/**
 * Finds the one gazetteer place that `text` names, in any of its scripts and spellings: 선양, 沈阳 and
 * Shenyang are one place. Null for an unknown place, and for a text that names two unrelated
 * places. If the text names a town and its province, the result is the town.
 */
export function findPlace(text: string): GazetteerPlace | null {
  const folded = foldPlace(text)
  const named = narrowest(namedIn(folded))
  return named.length === 1 ? (named[0] ?? null) : named.length > 1 ? null : bySound(folded)
}

/**
 * Finds a tip's place in the gazetteer, by `text` together with `admin`, otherwise by `admin`
 * alone. Null when the place is not in the gazetteer, or when the tip and the gazetteer disagree
 * about the country.
 */
export function gazetteerPlaceOf(place: Place | null | undefined): GazetteerPlace | null {
  if (!place) return null
  const texts = [place.text, place.admin].filter((text) => typeof text === 'string')
  const found = findPlace(texts.join(', ')) ?? (place.text ? null : findPlace(place.admin ?? ''))
  const isElsewhere = place.country && found !== null && found.country !== place.country
  return isElsewhere ? null : found
}

/** Every gazetteer place that a longer text names, with the places that contain them. */
export function placesIn(text: string, maxCharacters: number): GazetteerPlace[] {
  return namedIn(foldPlace(text, maxCharacters))
}

/** The names of a place in the scripts that the desk's readers know: `Shenyang (선양, 沈阳)`. */
export function placeNames(place: GazetteerPlace): string {
  return `${place.latin} (${[place.hangul[0], place.han[0]].filter(Boolean).join(', ')})`
}

/** Every name of a place, so that a search for one name also finds the others. */
export function allPlaceNames({ latin, otherLatin, hangul, han }: GazetteerPlace): string[] {
  return [latin, ...otherLatin, ...hangul, ...han].filter((name) => name !== '')
}

interface Alias {
  folded: string
  place: GazetteerPlace
}

// The longest names come first, so that 图们看守所 is found as the detention centre and not only as its
// town.
const aliases: readonly Alias[] = gazetteer
  .flatMap((place) => allPlaceNames(place).map((name) => ({ folded: foldPlace(name), place })))
  .sort((one, other) => other.folded.length - one.folded.length)

function namedIn(folded: string): GazetteerPlace[] {
  const found = new Set<GazetteerPlace>()
  let rest = folded
  for (const { folded: name, place } of aliases) {
    const at = indexOfName(rest, name)
    if (at < 0) continue
    found.add(place)
    // The text of a matched name is removed, so that "Jilin City" does not match the province as
    // well.
    rest = `${rest.slice(0, at)}\n${rest.slice(at + name.length)}`
  }
  return [...found]
}

/** Matches a Latin name only as whole words, so that Jian is not found in Fujian. */
function indexOfName(text: string, name: string): number {
  if (!/^[a-z]/.test(name)) return text.indexOf(name)
  for (let at = text.indexOf(name); at >= 0; at = text.indexOf(name, at + 1)) {
    const [before, after] = [text[at - 1] ?? ' ', text[at + name.length] ?? ' ']
    if (!/[\p{L}\p{N}]/u.test(before) && !/[\p{L}\p{N}]/u.test(after)) return at
  }
  return -1
}

/** Removes places that contain another place in the list. */
function narrowest(found: readonly GazetteerPlace[]): GazetteerPlace[] {
  const holders = new Set(found.flatMap(holdersOf))
  return found.filter(({ id }) => !holders.has(id))
}

function holdersOf({ within }: GazetteerPlace): string[] {
  const holder = within === null ? undefined : placesById.get(within)
  return holder === undefined ? [] : [holder.id, ...holdersOf(holder)]
}

/**
 * Finds another romanisation of a Korean name, such as Hoiryong or Shinŭiju. A sound code shared by
 * two places finds neither.
 */
function bySound(folded: string): GazetteerPlace | null {
  const code = soundOf(folded)
  return code.length < minSoundCharacters ? null : (sounds.get(code) ?? null)
}

function soundOf(name: string): string {
  if (/^[a-z' -]+$/.test(name)) return codeOfLatin(name.replaceAll(/[' ]/g, ''))
  return /^[\p{Script=Hangul} ]+$/u.test(name) ? codeOfHangul(name) : ''
}

const sounds: ReadonlyMap<string, GazetteerPlace | null> = (() => {
  const bySoundCode = new Map<string, GazetteerPlace | null>()
  for (const { folded, place } of aliases) {
    // The sound code is made for Korean. In Mandarin it would confuse Tonghua with Dunhua.
    if (place.country !== 'KP') continue
    const code = soundOf(folded)
    const known = bySoundCode.get(code)
    bySoundCode.set(code, known === undefined || known === place ? place : null)
  }
  return bySoundCode
})()

function foldPlace(text: string, maxCharacters = maxPlaceCharacters): string {
  return printable(text.normalize('NFKD').slice(0, maxCharacters))
    .replace(/\p{Mn}+/gu, '')
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[’`´]/gu, "'")
    .replace(/[\s-]+/gu, ' ')
    .replace(/(?<=\p{Script=Hangul}) (?=\p{Script=Hangul})/gu, '')
    .trim()
}
