import type { Place } from '../../tip/event.ts'
import { codeOfHangul, codeOfLatin } from '../people/romanise.ts'
import { printable } from '../text/printable.ts'
import type { GazetteerPlace } from './gazetteer.ts'
import { gazetteer, placesById } from './gazetteer.ts'

/** Longer than any description of one place; a tip allows 500 characters. */
const maxPlaceCharacters = 200
/** A shorter sound is shared by too many places. */
const minSoundCharacters = 4

/**
 * The one gazetteer place that `text` names, in any of its scripts and spellings (선양, 沈阳 and
 * Shenyang are one place), or null: unknown places and texts that name two unrelated places have
 * none. Of a town and the province that holds it, the town counts.
 */
export function findPlace(text: string): GazetteerPlace | null {
  const folded = foldPlace(text)
  const named = narrowest(namedIn(folded))
  return named.length === 1 ? (named[0] ?? null) : named.length > 1 ? null : bySound(folded)
}

/**
 * The gazetteer place of a tip's place: from `text` together with `admin`, else from `admin` alone.
 * Null when it is not in the gazetteer, or when the tip names another country than the gazetteer.
 */
export function gazetteerPlaceOf(place: Place | null | undefined): GazetteerPlace | null {
  if (!place) return null
  const texts = [place.text, place.admin].filter((text) => typeof text === 'string')
  const found = findPlace(texts.join(', ')) ?? (place.text ? null : findPlace(place.admin ?? ''))
  const isElsewhere = place.country && found !== null && found.country !== place.country
  return isElsewhere ? null : found
}

/** `Shenyang (선양, 沈阳)`: the names of a place in the scripts that readers of the desk know. */
export function placeNames(place: GazetteerPlace): string {
  return `${place.latin} (${[place.hangul[0], place.han[0]].filter(Boolean).join(', ')})`
}

/** Every name of a place, for searching: a search for one of them finds all of them. */
export function allPlaceNames({ latin, otherLatin, hangul, han }: GazetteerPlace): string[] {
  return [latin, ...otherLatin, ...hangul, ...han].filter((name) => name !== '')
}

interface Alias {
  folded: string
  place: GazetteerPlace
}

// The longest first: 图们看守所 is the detention centre and not only its town.
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
    // What a long name covers does not count for a shorter one: Jilin City is not the province.
    rest = `${rest.slice(0, at)}\n${rest.slice(at + name.length)}`
  }
  return [...found]
}

/** A Latin name counts as whole words alone, so that Jian is not found in Fujian. */
function indexOfName(text: string, name: string): number {
  if (!/^[a-z]/.test(name)) return text.indexOf(name)
  for (let at = text.indexOf(name); at >= 0; at = text.indexOf(name, at + 1)) {
    const [before, after] = [text[at - 1] ?? ' ', text[at + name.length] ?? ' ']
    if (!/[\p{L}\p{N}]/u.test(before) && !/[\p{L}\p{N}]/u.test(after)) return at
  }
  return -1
}

/** Without the places that hold another one that was found. */
function narrowest(found: readonly GazetteerPlace[]): GazetteerPlace[] {
  const holders = new Set(found.flatMap(holdersOf))
  return found.filter(({ id }) => !holders.has(id))
}

function holdersOf({ within }: GazetteerPlace): string[] {
  const holder = within === null ? undefined : placesById.get(within)
  return holder === undefined ? [] : [holder.id, ...holdersOf(holder)]
}

/** Another romanisation of a Korean name: Hoiryong, Shinŭiju. A sound of two places is nobody's. */
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
    // Mandarin sounds are not what the code was made for: Tonghua and Dunhua would be one.
    if (place.country !== 'KP') continue
    const code = soundOf(folded)
    const known = bySoundCode.get(code)
    bySoundCode.set(code, known === undefined || known === place ? place : null)
  }
  return bySoundCode
})()

function foldPlace(text: string): string {
  return printable(text.normalize('NFKD').slice(0, maxPlaceCharacters))
    .replace(/\p{Mn}+/gu, '')
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[’`´]/gu, "'")
    .replace(/[\s-]+/gu, ' ')
    .replace(/(?<=\p{Script=Hangul}) (?=\p{Script=Hangul})/gu, '')
    .trim()
}
