import type { Identity } from '../age/keys.ts'
import { recipientOf } from '../age/keys.ts'
import type { Primitives } from '../age/primitives.ts'
import type { KnownIdentity } from '../desk/opening/import-envelope.ts'
import { readBounded } from '../keyring/files.ts'
import { maxIdentityFileBytes } from '../keyring/identity-file.ts'
import type { Keyring } from '../keyring/keyring.ts'
import { readIdentities } from '../open/identities.ts'
import type { CliContext } from './context.ts'
import { resolvePath } from './context.ts'
import { failure } from './errors.ts'
import { readPassphrase } from './passphrase.ts'

/** Reads identity files, asking for passphrases where it must, and looks their owners up in the keyring. */
export async function readKnownIdentities(
  context: CliContext, work: { primitives: Primitives; paths: readonly string[]; passphraseFile: string | undefined; keyring: Keyring },
): Promise<KnownIdentity[]> {
  const identities: Identity[] = []
  for (const path of work.paths) {
    const bytes = await readBounded(resolvePath(context, path), maxIdentityFileBytes)
    if (bytes === null) throw failure(`${path} is missing (--identity)`)
    const ask = async () => (await readPassphrase(context, { prompt: `passphrase of ${path}: `, file: work.passphraseFile })).revealText()
    identities.push(...(await readIdentities(work.primitives, bytes, ask)))
    bytes.fill(0)
  }
  return identities.map((identity) => describeIdentity(identity, work.keyring))
}

function describeIdentity(identity: Identity, { recipients }: Keyring): KnownIdentity {
  const recipient = recipientOf(identity)
  const entry = recipients.find((each) => each.recipient === recipient || each.recipient_x25519 === recipient)
  return { identity, name: entry?.name ?? null, retired: entry?.retired ?? null }
}
