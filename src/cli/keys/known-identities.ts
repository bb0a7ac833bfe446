import type { Identity } from '../../age/keys.ts'
import { recipientOf } from '../../age/keys.ts'
import type { Primitives } from '../../age/primitives.ts'
import type { KnownIdentity } from '../../desk/opening/import-envelope.ts'
import { addDays } from '../../time/day.ts'
import type { Day } from '../../time/day.ts'
import { firstGroupOf } from '../../keyring/edit.ts'
import { readBounded } from '../../disk/small-files.ts'
import { maxIdentityFileBytes } from '../../keyring/identity-file.ts'
import { lastDayOf } from '../../keyring/in-force.ts'
import type { Keyring } from '../../keyring/keyring.ts'
import type { CliContext } from '../frame/context.ts'
import { resolvePath } from '../frame/context.ts'
import { failure } from '../frame/errors.ts'
import { readIdentitiesOf } from './read-secret.ts'

/**
 * Reads identity files, asks for passphrases if needed, and looks up the owners in the keyring.
 * Identities in force come first, so that a tip sealed to an old and a new key is opened with the
 * new one.
 */
export async function readKnownIdentities(
  context: CliContext,
  work: {
    primitives: Primitives
    paths: readonly string[]
    passphraseFile: string | undefined
    keyring: Keyring
    day: Day
  },
): Promise<KnownIdentity[]> {
  const identities: Identity[] = []
  for (const path of work.paths) {
    const bytes = await readBounded(resolvePath(context, path), maxIdentityFileBytes)
    if (bytes === null) throw failure(`${path} is missing (--identity)`)
    const file = { path, passphraseFile: work.passphraseFile }
    identities.push(...(await readIdentitiesOf(context, work.primitives, bytes, file)))
    bytes.fill(0)
  }
  const isOld = ({ retired }: KnownIdentity) => Number(retired !== null && retired <= work.day)
  return identities
    .map((identity) => describeIdentity(identity, work.keyring))
    .sort((one, other) => isOld(one) - isOld(other))
}

function describeIdentity(identity: Identity, { recipients }: Keyring): KnownIdentity {
  const recipient = recipientOf(identity)
  const entry = recipients.find(
    (each) => each.recipient === recipient || each.recipient_x25519 === recipient,
  )
  if (entry === undefined) return { identity, name: null, retired: null }
  const last = lastDayOf(entry)
  return {
    identity,
    name: entry.name,
    retired: last === null ? null : addDays(last, 1),
    key: firstGroupOf(entry),
  }
}
