import { readdirSync, rmSync } from 'node:fs'
import { lstat } from 'node:fs/promises'
import { join } from 'node:path'

import { sealWithPassphrase } from '../age/passphrase.ts'
import type { Primitives } from '../age/primitives.ts'
import { formatCard } from './card.ts'
import type { Card, RecipientCard, SignerCard } from './card.ts'
import type { Day } from '../time/day.ts'
import { makeSecretDir, writeNewFile } from '../disk/small-files.ts'
import { recipientDigest, signerDigest } from './fingerprint.ts'
import { formatIdentityFile, generateIdentityPair, recipientsOf } from './identity-file.ts'
import {
  formatPublicKeyFile,
  formatPublicKeyLine,
  formatSecretKey,
  generateSigningKey,
} from './minisign.ts'
import type { KdfLimits } from './minisign-kdf.ts'
import type { Secret } from './secret.ts'

export interface KeyFile {
  /** What follows the name: `.identity.age`, `.key`, `.card.json`. */
  readonly suffix: string
  readonly content: Uint8Array | string
}

/** The files of one new key, the secret one first, and the card for whoever holds the ceremony. */
export interface MadeKeys {
  readonly files: readonly KeyFile[]
  readonly card: Card
}

/** How much work a passphrase makes, where it is not age's and minisign's own. */
export interface Stretching {
  readonly logN: number
  readonly limits: KdfLimits
}

/** Every ending a key of ours may have. */
export const keySuffixes = ['.identity', '.identity.age', '.key', '.pub', '.card.json'] as const

/** An identity file, as `age -p` seals it when there is a passphrase, and its card. */
export async function makeIdentity(
  primitives: Primitives,
  who: { name: string; role: string; day: Day },
  passphrase: Secret | undefined,
  stretching?: Stretching,
): Promise<MadeKeys> {
  const { name, role, day } = who
  const pair = generateIdentityPair(primitives)
  const plain = new TextEncoder().encode(formatIdentityFile(pair, { name, day }))
  const card: RecipientCard = {
    format: 'tumen-card',
    version: 1,
    kind: 'recipient',
    name,
    role,
    ...recipientsOf(pair),
  }
  pair.hybrid.wipe()
  pair.x25519.wipe()
  return withCard(await protectIdentityFile(primitives, plain, passphrase, stretching), card)
}

/** A minisign key pair, protected as minisign does it when there is a passphrase, and its card. */
export function makeSigningKey(
  name: string,
  purpose: SignerCard['purpose'],
  passphrase: Secret | undefined,
  stretching?: Stretching,
): MadeKeys {
  const key = generateSigningKey()
  const secret = { suffix: '.key', content: formatSecretKey(key, passphrase, stretching?.limits) }
  key.secret.wipe()
  const card: SignerCard = {
    format: 'tumen-card',
    version: 1,
    kind: 'signer',
    name,
    purpose,
    public_key: formatPublicKeyLine(key.publicKey),
  }
  return withCard(secret, card, { suffix: '.pub', content: formatPublicKeyFile(key.publicKey) })
}

/** An identity file as it goes to disk. With a passphrase the plain bytes are wiped. */
export async function protectIdentityFile(
  primitives: Primitives,
  plain: Uint8Array,
  passphrase: Secret | undefined,
  stretching?: Stretching,
): Promise<KeyFile> {
  if (passphrase === undefined) return { suffix: '.identity', content: plain }
  const content = await sealWithPassphrase(
    primitives,
    plain,
    passphrase.revealText(),
    stretching?.logN,
  )
  plain.fill(0)
  return { suffix: '.identity.age', content }
}

/**
 * Writes all of the files or none, also when it is interrupted.
 * @returns their paths.
 * @throws the system's `EEXIST` when one is there.
 */
export async function writeKeyFiles(
  dir: string,
  name: string,
  made: Pick<MadeKeys, 'files'>,
  onInterrupt: (cleanup: () => void) => () => void = () => () => undefined,
): Promise<string[]> {
  await makeSecretDir(dir)
  const ours: string[] = []
  const removeAll = () => {
    for (const path of ours) rmSync(path, { force: true })
    for (const temporary of readdirSync(dir).filter(
      (file) => file.startsWith(`.${name}.`) && file.endsWith('.tmp'),
    ))
      rmSync(join(dir, temporary), { force: true })
  }
  const forget = onInterrupt(removeAll)
  try {
    for (const { suffix, content } of made.files) {
      const path = join(dir, name + suffix)
      // Ours from now on, and not only when it is durable; what was there before is not.
      if (await isFree(path)) ours.push(path)
      await writeNewFile(path, content)
    }
    return ours
  } catch (error) {
    removeAll()
    throw error
  } finally {
    forget()
  }
}

/** The first file in the way of a key of this name, or null. */
export async function findKeyFile(dir: string, name: string): Promise<string | null> {
  for (const suffix of keySuffixes) {
    const path = join(dir, name + suffix)
    if (!(await isFree(path))) return path
  }
  return null
}

async function isFree(path: string): Promise<boolean> {
  return (await lstat(path).catch(() => null)) === null
}

/** What a card's fingerprint shows. */
export function cardDigest(card: Card): Uint8Array {
  return card.kind === 'recipient' ? recipientDigest(card) : signerDigest(card)
}

/** What keeps a name from being a file name on a stick that any system may read, or null. */
export function fileNameProblem(name: string): string | null {
  const isUnfit = /[\\/:*?"<>|]/.test(name) || /^[.-]/.test(name)
  return isUnfit
    ? 'becomes a file name: leave out \\ / : * ? " < > | and a leading dot or dash'
    : null
}

function withCard(secret: KeyFile, card: Card, ...more: KeyFile[]): MadeKeys {
  return { files: [secret, ...more, { suffix: '.card.json', content: formatCard(card) }], card }
}
