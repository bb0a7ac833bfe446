import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'

import { loadSodiumPrimitives } from '../../src/age/sodium.ts'
import type { RecipientCard, SignerCard } from '../../src/keyring/card.ts'
import { addRecipient, createKeyring } from '../../src/keyring/edit.ts'
import { generateIdentityPair, recipientsOf } from '../../src/keyring/identity-file.ts'
import type { Keyring } from '../../src/keyring/keyring.ts'
import { formatPublicKeyLine, generateSigningKey } from '../../src/keyring/minisign.ts'
import type { KdfLimits } from '../../src/keyring/minisign-kdf.ts'

export const primitives = await loadSodiumPrimitives()
export const day = '2026-11-23'
export const always = { validFrom: day, validUntil: null }

/** The minimum that libsodium accepts: 16 MiB and a few milliseconds. */
export const cheapLimits: KdfLimits = { ops: 524_288n, memoryBytes: 16_777_216n }

export async function makeTempDir(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'tumen-keyring-'))
  onTestFinished(() => rm(dir, { recursive: true, force: true }))
  return dir
}

export function makeCard(name = 'Kim'): RecipientCard {
  const pair = generateIdentityPair(primitives)
  return {
    format: 'tumen-card',
    version: 1,
    kind: 'recipient',
    name,
    role: 'analyst',
    ...recipientsOf(pair),
  }
}

export function makeSignerCard(
  name = 'Desk',
  purpose: SignerCard['purpose'] = 'acknowledgement',
): SignerCard {
  const public_key = formatPublicKeyLine(generateSigningKey().publicKey)
  return { format: 'tumen-card', version: 1, kind: 'signer', name, purpose, public_key }
}

export function makeKeyring(): Keyring {
  return addRecipient(createKeyring({ day, expires: '2027-11-23' }), makeCard(), always)
}

export function encode(value: unknown): Uint8Array {
  return new TextEncoder().encode(typeof value === 'string' ? value : JSON.stringify(value))
}
