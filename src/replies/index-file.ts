import { objectIn } from '../json/object-in.ts'
import type { Day } from '../time/day.ts'
import { addDays, isDay } from '../time/day.ts'
import {
  dropBytes,
  maxAddressChars,
  maxClosedAddresses,
  maxDropAgeDays,
  maxDropsInIndex,
  maxIndexBytes,
  maxOlderKeyrings,
} from './bounds.ts'
import { ReplyError } from './errors.ts'
import { isHexDigest, isHexId } from './hex-id.ts'

export { maxIndexBytes } from './bounds.ts'

export interface IndexedDrop {
  /** 32 hex digits. */
  id: string
  day: Day
  /** 140,288 for every drop. */
  bytes: number
  /** 64 hex digits. */
  sha256: string
}

/** What one desk signs: which drops count, and which keyring it has. */
export interface ReplyIndex {
  format: 'tumen-replies'
  version: 1
  day: Day
  /** Rises by one with every index of this signer. */
  seq: number
  /** The newest edition of the tip's schema that this desk reads. */
  reads: number
  keyring: {
    /** SHA-256 of `keyring.json`, and its `issued`. */
    sha256: string
    issued: Day
    /** SHA-256 of keyrings that it replaced, newest first. */
    older: string[]
  }
  /** SHA-256 of `organisation.json`, if there is one. */
  organisation: string | null
  /** Addresses of the service that are withdrawn. */
  closed: string[]
  /** Newest first. */
  drops: IndexedDrop[]
}

/** `index.json` is that of the keyring's first acknowledgement signer in force. */
export function indexFileName(keyId: string | null): string {
  return keyId === null ? 'index.json' : `index-${keyId}.json`
}

/** The first line that a person sees of a signed index. */
export function indexTrustedComment({ seq, day }: Pick<ReplyIndex, 'seq' | 'day'>): string {
  return `tumen replies index seq ${seq}, ${day}`
}

export function dropTrustedComment(id: string): string {
  return `tumen replies drop ${id}`
}

/** @throws ReplyError `INDEX_INVALID` for what `parseIndex` would refuse. */
export function formatIndex(index: ReplyIndex): Uint8Array {
  const checked = checkIndex({ ...index })
  return new TextEncoder().encode(`${JSON.stringify(checked, null, 2)}\n`)
}

/**
 * Reads an index. Check its signature first. Fields of later editions are ignored.
 * @throws ReplyError `INDEX_INVALID`, naming the field; never any other error.
 */
export function parseIndex(bytes: Uint8Array): ReplyIndex {
  if (bytes.length > maxIndexBytes) throw invalid(`is longer than ${maxIndexBytes} bytes`)
  return checkIndex(objectIn(decode(bytes)))
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch (cause) {
    throw new ReplyError('INDEX_INVALID', 'the index is not UTF-8 text', cause)
  }
}

function checkIndex(fields: Fields): ReplyIndex {
  const { format, version, organisation } = fields
  if (format !== 'tumen-replies') throw invalid('does not have the format tumen-replies')
  if (version !== 1) throw invalid('has a version that is not known: install the newest release')
  if (organisation !== null && !isHexDigest(organisation))
    throw invalid('organisation is neither null nor 64 hex digits')
  const day = dayIn(fields, 'day')
  return {
    format,
    version,
    day,
    seq: numberIn(fields, 'seq'),
    reads: numberIn(fields, 'reads'),
    keyring: keyringIn(fields['keyring']),
    organisation,
    closed: listIn(fields, 'closed', maxClosedAddresses).map(addressOf),
    drops: dropsIn(listIn(fields, 'drops', maxDropsInIndex), day),
  }
}

type Fields = Readonly<Record<string, unknown>>

function keyringIn(value: unknown): ReplyIndex['keyring'] {
  const fields = fieldsOf(value, 'keyring')
  const { sha256 } = fields
  if (!isHexDigest(sha256)) throw invalid('keyring.sha256 is not 64 hex digits')
  const older = listIn(fields, 'older', maxOlderKeyrings).map((each) => {
    if (!isHexDigest(each)) throw invalid('keyring.older holds something other than SHA-256')
    return each
  })
  if (older.includes(sha256)) throw invalid('keyring.older holds the keyring itself')
  return { sha256, issued: dayIn(fields, 'issued'), older }
}

function dropsIn(list: readonly unknown[], day: Day): IndexedDrop[] {
  const drops = list.map((each) => {
    const fields = fieldsOf(each, 'drops')
    const { id, bytes, sha256 } = fields
    if (!isHexId(id)) throw invalid('the id of a drop is not 32 hex digits')
    if (bytes !== dropBytes) throw invalid(`a drop does not have ${dropBytes} bytes`)
    if (!isHexDigest(sha256)) throw invalid('the sha256 of a drop is not 64 hex digits')
    return { id, day: dayIn(fields, 'day'), bytes, sha256 }
  })
  if (new Set(drops.map(({ id }) => id)).size !== drops.length) throw invalid('names a drop twice')
  if (drops.some((drop, at) => drop.day > (drops[at - 1]?.day ?? day)))
    throw invalid('does not have its drops newest first, none after its day')
  if (drops.some((drop) => drop.day < addDays(day, -maxDropAgeDays)))
    throw invalid(`has a drop that is more than ${maxDropAgeDays} days older`)
  return drops
}

function addressOf(value: unknown): string {
  if (typeof value !== 'string' || value.length > maxAddressChars || !/^[\x21-\x7e]+$/.test(value))
    throw invalid('closed holds something other than an address')
  return value
}

function fieldsOf(value: unknown, name: string): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw invalid(`${name} is not a group of fields`)
  return { ...value }
}

function dayIn(fields: Fields, name: string): Day {
  const day = fields[name]
  if (typeof day !== 'string' || !isDay(day)) throw invalid(`${name} is not a day of the calendar`)
  return day
}

function numberIn(fields: Fields, name: string): number {
  const number = fields[name]
  if (typeof number !== 'number' || !Number.isSafeInteger(number) || number < 1)
    throw invalid(`${name} is not a whole number from 1`)
  return number
}

function listIn(fields: Fields, name: string, most: number): readonly unknown[] {
  const list: unknown = fields[name]
  if (!Array.isArray(list) || list.length > most)
    throw invalid(`${name} is not a list of at most ${most}`)
  return list as unknown[]
}

function invalid(why: string): ReplyError {
  return new ReplyError('INDEX_INVALID', `this is not a usable index: it ${why}`)
}
