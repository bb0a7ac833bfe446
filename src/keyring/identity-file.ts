import { generateIdentity, parseIdentity, recipientOf, revealIdentity } from '../age/keys.ts'
import type { Identity } from '../age/keys.ts'
import type { Primitives } from '../age/primitives.ts'
import type { Day } from '../time/day.ts'
import { KeyringError } from './errors.ts'

export const maxIdentityFileBytes = 64 * 1024
/** A person has two identities; a team may keep those of several people in one file. */
export const maxIdentities = 64

/** A person's two identities: the post-quantum one, and the classic one for hand-sealed files. */
export interface IdentityPair {
  readonly hybrid: Identity
  readonly x25519: Identity
}

export function generateIdentityPair(primitives: Primitives): IdentityPair {
  return {
    hybrid: generateIdentity(primitives, 'hybrid'),
    x25519: generateIdentity(primitives, 'x25519'),
  }
}

/** The public halves, under their field names in cards and keyrings. */
export function recipientsOf(pair: IdentityPair): { recipient: string; recipient_x25519: string } {
  return { recipient: recipientOf(pair.hybrid), recipient_x25519: recipientOf(pair.x25519) }
}

/** An identity file in the form of age-keygen, with both identities. Never log the result. */
export function formatIdentityFile(
  pair: IdentityPair,
  options: { name: string; day: Day },
): string {
  const { recipient, recipient_x25519 } = recipientsOf(pair)
  return [
    `# Tumen identity of ${options.name}. SECRET: keep it off every networked machine.`,
    `# created: ${options.day}`,
    '# Opens what the page and "tumen seal" seal (age 1.3 or later):',
    `# public key: ${recipient}`,
    revealIdentity(pair.hybrid),
    '# Opens what was sealed by hand with an older age. That age wants this line alone:',
    '#   grep ^AGE-SECRET-KEY-1 FILE | age -d -i - ENVELOPE',
    `# public key: ${recipient_x25519}`,
    revealIdentity(pair.x25519),
    '',
  ].join('\n')
}

/**
 * Reads an identity file: one identity on each line, except for comments and empty lines.
 * @throws KeyringError `INVALID` naming the line, never quoting it.
 */
export function parseIdentityFile(primitives: Primitives, bytes: Uint8Array): Identity[] {
  if (bytes.length > maxIdentityFileBytes)
    throw invalid(`longer than ${maxIdentityFileBytes} bytes`)
  const lines = new TextDecoder()
    .decode(bytes)
    .split('\n')
    .map((line) => line.trim())
  const identities = lines.flatMap((line, index) =>
    line === '' || line.startsWith('#') ? [] : [parseLine(primitives, line, index + 1)],
  )
  if (identities.length === 0) throw invalid('it holds no identity')
  if (identities.length > maxIdentities)
    throw invalid(`it holds more than ${maxIdentities} identities`)
  return identities
}

function parseLine(primitives: Primitives, line: string, number: number): Identity {
  try {
    return parseIdentity(primitives, line)
  } catch (cause) {
    throw invalid(`line ${number} is not an AGE-SECRET-KEY`, cause)
  }
}

function invalid(why: string, cause?: unknown): KeyringError {
  return new KeyringError('INVALID', `this is not an identity file: ${why}`, cause)
}
