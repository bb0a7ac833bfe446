import type { LoadedKeyring } from '../keyring/load.ts'
import type { LoadedOrganisation } from '../keyring/load-organisation.ts'
import { isExpired } from '../keyring/load.ts'
import { formatPublicKeyLine } from '../keyring/minisign-format.ts'
import { recipientsOn } from '../keyring/keyring.ts'
import { recipientsText, recipientsX25519Text } from '../keyring/recipients-file.ts'
import { type Clock } from '../time/clock.ts'
import { dayOfInstant } from '../time/day.ts'
import { IntakeError } from './errors.ts'

/** The keyring as it is served on one day. */
export interface ServedKeyring {
  fingerprint: string
  isDemo: boolean
  /** The last day on which the keyring is valid, `YYYY-MM-DD`. */
  expires: string
  /** The staff who can open a tip of this day. */
  staff: readonly { name: string; role: string }[]
  /** The base64 line of `root.pub`. */
  rootKey: string
  json: Uint8Array
  signature: Uint8Array
  recipients: string
  recipientsX25519: string
}

export interface KeyringSource {
  /** Null when the keyring has expired and the intake is therefore closed. */
  current(): ServedKeyring | null
  readonly isDemo: boolean
  /** Who the organisation is, if the root signed a description. */
  readonly organisation?: LoadedOrganisation | null
}

/** @throws IntakeError `CLOSED` when the keyring has expired. */
export function requireKeyring(keyring: KeyringSource): ServedKeyring {
  const served = keyring.current()
  if (served === null) throw closed()
  return served
}

export function closed(): IntakeError {
  return new IntakeError('CLOSED', 'the keyring has expired')
}

/**
 * The day is checked on every call: a server that runs for months must notice that the keyring
 * expires.
 */
export function createKeyringSource(options: {
  loaded: LoadedKeyring
  organisation?: LoadedOrganisation | null
  clock: Clock
}): KeyringSource {
  const { loaded, organisation = null, clock } = options
  let served: { day: string; keyring: ServedKeyring | null } | null = null
  return {
    isDemo: loaded.keyring.demo,
    organisation,
    current() {
      const day = dayOfInstant(clock.now())
      if (served?.day !== day) served = { day, keyring: serveOn(loaded, day) }
      return served.keyring
    },
  }
}

function serveOn(loaded: LoadedKeyring, day: string): ServedKeyring | null {
  const recipients = recipientsOn(loaded.keyring, day)
  if (isExpired(loaded, day) || recipients.length === 0) return null
  return {
    fingerprint: loaded.fingerprint,
    isDemo: loaded.keyring.demo,
    expires: loaded.keyring.expires,
    staff: recipients.map(({ name, role }) => ({ name, role })),
    rootKey: formatPublicKeyLine(loaded.root),
    json: loaded.bytes,
    signature: loaded.signature,
    recipients: recipientsText(loaded.keyring, day),
    recipientsX25519: recipientsX25519Text(loaded.keyring, day),
  }
}
