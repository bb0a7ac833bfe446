import type { Identity } from '../../src/age/keys.ts'
import { loadSodiumPrimitives } from '../../src/age/sodium.ts'
import { addRecipient, addSigner, createKeyring } from '../../src/keyring/edit.ts'
import { generateIdentityPair, recipientsOf } from '../../src/keyring/identity-file.ts'
import type { Keyring, SignerPurpose } from '../../src/keyring/keyring.ts'
import type { SigningKey } from '../../src/keyring/minisign.ts'
import { formatPublicKeyLine, generateSigningKey } from '../../src/keyring/minisign.ts'

export const primitives = await loadSodiumPrimitives()
export const day = '2026-11-23'

/** A keyring and all its secrets, in memory. */
export interface Ceremony {
  keyring: Keyring
  identity: Identity
  classicIdentity: Identity
  server: SigningKey
  desk: SigningKey
}

/** `signers`: the first and last day of the signers. All other keys are valid from `day`. */
export function holdCeremony(
  signers: { validFrom: string; validUntil: string | null } = { validFrom: day, validUntil: null },
): Ceremony {
  const pair = generateIdentityPair(primitives)
  const [server, desk] = [generateSigningKey(), generateSigningKey()]
  const card = { format: 'tumen-card', version: 1 } as const
  const analyst = {
    ...card,
    kind: 'recipient',
    name: '김 분석가',
    role: 'analyst',
    ...recipientsOf(pair),
  } as const
  const signer = (name: string, purpose: SignerPurpose, key: SigningKey) =>
    ({
      ...card,
      kind: 'signer',
      name,
      purpose,
      public_key: formatPublicKeyLine(key.publicKey),
    }) as const
  const empty = createKeyring({ day, expires: '2027-11-23' })
  const withAnalyst = addRecipient(empty, analyst, { validFrom: day, validUntil: null })
  const withServer = addSigner(withAnalyst, signer('server', 'export', server), signers)
  const keyring = addSigner(withServer, signer('desk', 'acknowledgement', desk), signers)
  return { keyring, identity: pair.hybrid, classicIdentity: pair.x25519, server, desk }
}
