import { sha256 } from '@noble/hashes/sha2.js'
import { base32nopad } from '@scure/base'

import type { Day } from '../time/day.ts'
import { isDay } from '../time/day.ts'
import { ShareError } from './errors.ts'
import { nameProblem } from './names.ts'

/** Fits a share of the longest secret, with room for remarks. */
export const maxShareFileBytes = 64 * 1024
/**
 * Far more than a person's identity file or a signing key needs; nobody would type more from
 * paper.
 */
export const maxSharedSecretBytes = 4096

/** One share of a secret. Alone it reveals nothing about the secret. */
export interface Share {
  /** The owner of the secret: the name of its file. */
  readonly of: string
  readonly kind: 'identity' | 'signing'
  readonly number: number
  readonly total: number
  readonly threshold: number
  readonly day: Day
  /** Eight random characters, the same in all shares of one splitting. */
  readonly set: string
  /** The fingerprint of the public half: the restored secret must have it. */
  readonly fingerprint: string
  readonly bytes: Uint8Array
}

const groupsPerLine = 6
const charactersPerGroup = 5
const charactersPerLine = groupsPerLine * charactersPerGroup
/** 20 bits: misses one typing error in a million, which the check of the whole share then finds. */
const lineCheckCharacters = 4
/** 80 bits. Finds mistakes in writing. Against forgery the fingerprint protects, not this check. */
const checkCharacters = 16
const setPattern = /^[A-Z2-7]{8}$/
const labels = ['of', 'kind', 'share', 'day', 'set', 'fingerprint'] as const
type Label = (typeof labels)[number]

/**
 * A share as a text file to print. The bytes are written in RFC 4648 base32, in groups of five, six
 * groups on a line; the check of the line follows after `=`. The bytes are in the format of
 * `shamir-secret-sharing` and HashiCorp Vault: one for each byte of the secret, then the x
 * coordinate.
 */
export function formatShare(share: Share): string {
  const heading = headingOf(share)
  return [
    `# SHARE ${share.number} of ${share.total}: a part of the secret key of ${share.of}. Alone it opens nothing.`,
    `# Any ${share.threshold} of them restore the key, without its passphrase: keep each in another place, with another person.`,
    '# Restore it on a machine with no network: tumen keys combine SHARE SHARE --out FOLDER',
    '# Typed from paper, upper and lower case and blanks do not matter; 0, 1 and 8 are read as O, I and B.',
    '',
    ...labels.map((label) => `${label}: ${heading[label]}`),
    '',
    ...bodyLines(share).map(
      (line, index) =>
        `${String(index + 1).padStart(2)}: ${groups(line)} = ${lineCheck(share, index, line)}`,
    ),
    '',
    `check: ${groups(checkOf(share), 4)}`,
    '',
  ].join('\n')
}

/** @throws ShareError `MALFORMED`; `DAMAGED`, naming the line. Messages never quote the share. */
export function parseShare(file: Uint8Array): Share {
  if (file.length > maxShareFileBytes)
    throw malformed(`it is longer than ${maxShareFileBytes} bytes`)
  const fields = readFields(new TextDecoder().decode(file))
  const heading = readHeading(fields)
  const lines = readBody(fields, heading)
  const share = { ...heading, bytes: decodeBody(lines.join('')) }
  if (readCharacters(fields.get('check') ?? '') === checkOf(share)) return share
  throw new ShareError(
    'DAMAGED',
    'the check of the whole share does not match: compare the heading, the number of lines and the last line with the paper',
  )
}

function headingOf(share: Share): Record<Label, string> {
  return {
    of: share.of,
    kind: share.kind,
    share: `${share.number} of ${share.total}, any ${share.threshold} restore it`,
    day: share.day,
    set: share.set,
    fingerprint: share.fingerprint,
  }
}

function bodyLines({ bytes }: Share): string[] {
  return base32nopad.encode(bytes).match(new RegExp(`.{1,${charactersPerLine}}`, 'g')) ?? []
}

function groups(characters: string, size = charactersPerGroup): string {
  return characters.match(new RegExp(`.{1,${size}}`, 'g'))?.join(' ') ?? ''
}

/**
 * The check of a line. It covers the set, the share's number and the line's number, so that a line
 * of another share does not pass.
 */
function lineCheck(share: Pick<Share, 'set' | 'number'>, index: number, line: string): string {
  return digestCharacters(`${share.set} ${share.number} ${index + 1} ${line}`, lineCheckCharacters)
}

function checkOf(share: Share): string {
  const heading = headingOf(share)
  return digestCharacters(
    [...labels.map((label) => heading[label]), base32nopad.encode(share.bytes)].join('\n'),
    checkCharacters,
  )
}

function digestCharacters(text: string, count: number): string {
  return base32nopad.encode(sha256(new TextEncoder().encode(text.normalize('NFC')))).slice(0, count)
}

/** Reads the `label: value` lines, each label once; skips remarks and empty lines. */
function readFields(text: string): Map<string, string> {
  const fields = new Map<string, string>()
  for (const line of text.replace(/^\ufeff/, '').split(/\r?\n/)) {
    if (line.trim() === '' || line.trimStart().startsWith('#')) continue
    const [, label = '', value = ''] = /^\s*([a-z]+|\d{1,3})\s*:(.*)$/i.exec(line) ?? []
    if (label === '') throw malformed('a line has no "label:" in front')
    const key = label.toLowerCase().replace(/^0+/, '')
    if (fields.has(key)) throw malformed(`"${key}:" appears twice`)
    fields.set(key, value.trim())
  }
  return fields
}

function readHeading(fields: ReadonlyMap<string, string>): Omit<Share, 'bytes'> {
  const [of, kind, counts, day, set, fingerprint] = labels.map((label) => {
    const value = fields.get(label)
    if (value === undefined) throw malformed(`the line "${label}:" is missing`)
    return value.replace(/\s+/g, ' ')
  }) as [string, string, string, string, string, string]
  const [, number, total, threshold] =
    /^(\d{1,3}) of (\d{1,3}), any (\d{1,3}) restore it$/i.exec(counts) ?? []
  if (threshold === undefined) throw malformed('"share:" is not "1 of 3, any 2 restore it"')
  if (nameProblem(of) !== null) throw malformed('"of:" is not a name')
  if (kind !== 'identity' && kind !== 'signing')
    throw malformed('"kind:" is neither identity nor signing')
  if (!isDay(day)) throw malformed('"day:" is not a day')
  if (!/^(\d{5} ){7}\d{5}$/.test(fingerprint))
    throw malformed('"fingerprint:" is not eight groups of five digits')
  const heading = {
    of,
    kind,
    number: Number(number),
    total: Number(total),
    threshold: Number(threshold),
    day,
    set: readCharacters(set),
    fingerprint,
  } as const
  if (!setPattern.test(heading.set)) throw malformed('"set:" is not eight characters')
  if (
    heading.number < 1 ||
    heading.number > heading.total ||
    heading.threshold < 2 ||
    heading.threshold > heading.total ||
    heading.total > 255
  ) {
    throw malformed('the numbers in "share:" contradict each other')
  }
  return heading
}

function readBody(fields: ReadonlyMap<string, string>, heading: Omit<Share, 'bytes'>): string[] {
  const lines: string[] = []
  for (let index = 0; fields.has(String(index + 1)); index += 1) {
    const [body = '', check = ''] = (fields.get(String(index + 1)) ?? '').split('=')
    const line = readCharacters(body)
    if (lineCheck(heading, index, line) !== readCharacters(check)) {
      throw new ShareError(
        'DAMAGED',
        `line ${index + 1} of share ${heading.number} has a typing error (or its "set:" or "share:" has): compare it with the paper`,
      )
    }
    lines.push(line)
  }
  if (lines.length === 0) throw malformed('line 1 is missing')
  if (!fields.has('check')) throw malformed('the line "check:" is missing')
  const known = labels.length + 1 + lines.length
  if (fields.size > known)
    throw malformed(`after line ${lines.length} a line is missing, or a line does not belong`)
  return lines
}

/**
 * Normalises text typed from paper: case and blanks do not matter, and digits that base32 does not
 * use are read as the letters they look like.
 */
function readCharacters(text: string): string {
  return text
    .toUpperCase()
    .replace(/[\s-]/g, '')
    .replaceAll('0', 'O')
    .replaceAll('1', 'I')
    .replaceAll('8', 'B')
}

function decodeBody(characters: string): Uint8Array {
  try {
    return base32nopad.decode(characters)
  } catch {
    // No cause: its message would quote the share.
    throw malformed('the lines are not base32')
  }
}

function malformed(why: string): ShareError {
  return new ShareError('MALFORMED', `this is not a share: ${why}`)
}
