import { concat, equalConstantTime } from '../age/bytes.ts'
import { encodeHeader } from '../tip/tar-header.ts'
import { bytesOfHex, hexOf } from '../age/hex.ts'
import { dropBytes, dropEntryBytes, openedTags, slotBytes, slotsPerDrop } from './bounds.ts'
import { ReplyError } from './errors.ts'
import { isHexId } from './hex-id.ts'

export { dropBytes, openedTags, slotsPerDrop } from './bounds.ts'

const openedName = 'opened.tags'
const tagChars = 32
const tagBytes = 16
const tarHeaderBytes = dropEntryBytes - slotBytes

export interface DropSlot {
  /** 32 hex digits. */
  tag: string
  /** An age file of 8,192 bytes. */
  file: Uint8Array
}

export interface Drop {
  /** The age file of each tag. */
  slots: ReadonlyMap<string, Uint8Array>
  /** `opened.tags`: 512 tags of 16 bytes. */
  opened: Uint8Array
}

export function dropName(id: string): string {
  return `${id}.tar`
}

/**
 * Writes a drop: a tar of sixteen entries of 8,192 bytes, sorted by name. Every drop has the same
 * length and, but for the tags, the same headers.
 * @throws ReplyError `DROP_INVALID` for a wrong number or length of slots, or a tag that is there
 *   twice.
 */
export function writeDrop(drop: {
  id: string
  slots: readonly DropSlot[]
  openedTags: Uint8Array
}): Uint8Array {
  const slots = drop.slots.toSorted((a, b) => (a.tag < b.tag ? -1 : 1))
  if (!isHexId(drop.id)) throw invalid('its id is not 32 hex digits')
  if (slots.length !== slotsPerDrop) throw invalid(`it needs ${slotsPerDrop} slots`)
  if (!slots.every(({ tag, file }) => isHexId(tag) && file.length === slotBytes))
    throw invalid(`a slot needs a tag of 32 hex digits and ${slotBytes} bytes`)
  if (slots.some(({ tag }, index) => tag === slots[index - 1]?.tag))
    throw invalid('a tag is there twice')
  if (drop.openedTags.length !== slotBytes) throw invalid(`${openedName} needs ${slotBytes} bytes`)
  const entries = slots.map(({ tag, file }) => concat(entryHeader(`${tag}.age`), file))
  const opened = concat(entryHeader(openedName), drop.openedTags)
  const end = new Uint8Array(dropBytes - (slotsPerDrop + 1) * dropEntryBytes)
  return concat(...entries, opened, end)
}

/**
 * Reads a drop. Entry i is at i × 8,704, and every byte that is not a tag or content is known, so
 * no tar reader is needed.
 * @throws ReplyError `DROP_INVALID`; never any other error. The result holds views of `bytes`.
 */
export function readDrop(bytes: Uint8Array): Drop {
  if (bytes.length !== dropBytes) throw invalid(`it is not ${dropBytes} bytes long`)
  const slots = new Map<string, Uint8Array>()
  let before = ''
  for (let number = 0; number < slotsPerDrop; number += 1) {
    const tag = readTag(headerAt(bytes, number))
    if (tag <= before) throw invalid('its slots are not in the order of their tags')
    slots.set(tag, contentAt(bytes, number))
    before = tag
  }
  if (!equalConstantTime(headerAt(bytes, slotsPerDrop), entryHeader(openedName)))
    throw invalid(`its last entry is not ${openedName}`)
  if (bytes.subarray((slotsPerDrop + 1) * dropEntryBytes).some((byte) => byte !== 0))
    throw invalid('it does not end with zeros')
  return { slots, opened: contentAt(bytes, slotsPerDrop) }
}

/** Whether a tag is among the 512 of `opened.tags`. */
export function hasOpenedTag({ opened }: Pick<Drop, 'opened'>, tag: string): boolean {
  const wanted = bytesOfHex(tag, tagBytes)
  if (wanted === null) return false
  let isThere = false
  for (let at = 0; at < openedTags * tagBytes; at += tagBytes)
    if (equalConstantTime(opened.subarray(at, at + tagBytes), wanted)) isThere = true
  return isThere
}

/** `opened.tags` of at most 512 tags: filled up with random ones, in order. */
export function fillOpenedTags(
  tags: readonly string[],
  randomBytes: (length: number) => Uint8Array,
): Uint8Array {
  const all = new Set(tags)
  if (all.size > openedTags) throw invalid(`${openedName} has room for ${openedTags} tags`)
  while (all.size < openedTags) {
    const missing = openedTags - all.size
    const random = randomBytes(missing * tagBytes)
    for (let at = 0; at < random.length; at += tagBytes)
      all.add(hexOf(random.subarray(at, at + tagBytes)))
  }
  return concat(...[...all].toSorted().map((tag) => bytesOfHex(tag, tagBytes) ?? new Uint8Array()))
}

function entryHeader(name: string): Uint8Array {
  return encodeHeader(name, slotBytes, '0')
}

function headerAt(bytes: Uint8Array, number: number): Uint8Array {
  return bytes.subarray(number * dropEntryBytes, number * dropEntryBytes + tarHeaderBytes)
}

function contentAt(bytes: Uint8Array, number: number): Uint8Array {
  return bytes.subarray(number * dropEntryBytes + tarHeaderBytes, (number + 1) * dropEntryBytes)
}

function readTag(header: Uint8Array): string {
  const tag = String.fromCharCode(...header.subarray(0, tagChars))
  if (!isHexId(tag) || !equalConstantTime(header, entryHeader(`${tag}.age`)))
    throw invalid('an entry is not named TAG.age, or its header is not the constant one')
  return tag
}

function invalid(why: string): ReplyError {
  return new ReplyError('DROP_INVALID', `this is not a drop: ${why}`)
}
