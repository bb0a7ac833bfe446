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
  /** The end of the file name, after the key's name: `.identity.age`, `.key`, `.card.json`. */
  readonly suffix: string
  readonly content: Uint8Array | string
}

/** The files of one new key, the secret file first, and the card to bring to the ceremony. */
export interface MadeKeys {
  readonly files: readonly KeyFile[]
  readonly card: Card
}

/** The cost of deriving a key from a passphrase, in place of the defaults of age and minisign. */
export interface Stretching {
  readonly logN: number
  readonly limits: KdfLimits
}

/** The ends of all key file names. */
export const keySuffixes = ['.identity', '.identity.age', '.key', '.pub', '.card.json'] as const

/** An identity file and its card. With a passphrase the file is sealed as by `age -p`. */
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

/** A minisign key pair and its card. With a passphrase the key is protected as by minisign. */
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

/** An identity file in the form written to disk. With a passphrase the plain bytes are wiped. */
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
 * Writes all files or none, even if it is interrupted.
 * @returns their paths.
 * @throws the system's `EEXIST` if one of them exists.
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
    // The card goes first: a card whose secret is gone could still come into a keyring.
    for (const path of ours.toReversed()) rmSync(path, { force: true })
    for (const temporary of readdirSync(dir).filter(
      (file) => file.startsWith(`.${name}.`) && file.endsWith('.tmp'),
    ))
      rmSync(join(dir, temporary), { force: true })
  }
  const forget = onInterrupt(removeAll)
  try {
    for (const { suffix, content } of made.files) {
      const path = join(dir, name + suffix)
      // To be removed after a failure, even one in the middle of writing; an existing file is not.
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

/** The first existing file that a new key of this name would need to replace, or null. */
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

/** The digest behind a card's fingerprint. */
export function cardDigest(card: Card): Uint8Array {
  return card.kind === 'recipient' ? recipientDigest(card) : signerDigest(card)
}

/** Why a name cannot be a file name on every system, or null if it can. */
export function fileNameProblem(name: string): string | null {
  const isUnfit = /[\\/:*?"<>|]/.test(name) || /^[.-]/.test(name)
  return isUnfit
    ? 'becomes a file name: leave out \\ / : * ? " < > | and a leading dot or dash'
    : null
}

function withCard(secret: KeyFile, card: Card, ...more: KeyFile[]): MadeKeys {
  return { files: [secret, ...more, { suffix: '.card.json', content: formatCard(card) }], card }
}
