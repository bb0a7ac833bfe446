import { lstat, mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'

import { sealWithPassphrase } from '../age/passphrase.ts'
import { loadSodiumPrimitives } from '../age/sodium.ts'
import { formatCard } from '../keyring/card.ts'
import type { Card } from '../keyring/card.ts'
import { writeNewFile } from '../keyring/files.ts'
import { fingerprintGroups, recipientDigest, signerDigest } from '../keyring/fingerprint.ts'
import { formatIdentityFile, generateIdentityPair, recipientsOf } from '../keyring/identity-file.ts'
import { formatPublicKeyFile, formatPublicKeyLine, formatSecretKey, generateSigningKey } from '../keyring/minisign.ts'
import { nameProblem } from '../keyring/names.ts'
import type { Secret } from '../keyring/secret.ts'
import { dayString } from '../store/clock.ts'
import { defineCommand } from './command.ts'
import { printJson, printLine, resolvePath } from './context.ts'
import type { CliContext } from './context.ts'
import { failure, usageError } from './errors.ts'
import { passphraseOptions, readPassphrase } from './passphrase.ts'

const purposes = ['export', 'acknowledgement', 'root'] as const
type Purpose = (typeof purposes)[number]

interface KeyFile {
  readonly suffix: string
  readonly content: Uint8Array | string
}

interface MadeKeys {
  readonly files: readonly KeyFile[]
  readonly card: Card
}

const options = {
  out: { type: 'string', value: 'DIR', about: 'the folder to write to (default: this one)' },
  role: { type: 'string', value: 'ROLE', about: 'what the person does (default: analyst)' },
  purpose: { type: 'string', value: 'PURPOSE', about: 'make a signing key: export, acknowledgement or root' },
  ...passphraseOptions,
  'no-passphrase': { type: 'boolean', about: 'leave the secret unprotected (the server\'s export key needs this)' },
  json: { type: 'boolean', about: 'print the card as JSON' },
} as const

export const keysNew = defineCommand({
  name: 'keys new',
  summary: 'make an identity that opens tips, or a signing key',
  usage: 'NAME [--out DIR] [--role ROLE | --purpose PURPOSE] [--passphrase-file FILE | --no-passphrase]',
  help: `
Without --purpose: NAME.identity.age (secret; "age -d" opens it) and NAME.card.json (public).
With --purpose:    NAME.key (secret, minisign), NAME.pub and NAME.card.json (public).
Hand the card to whoever holds the ceremony and compare the fingerprint by voice. No file is ever replaced.`,
  options,
  positionals: { min: 1, max: 1 },
  async run(context, values, [name = '']) {
    checkFileName(name)
    const purpose = readPurpose(values.purpose)
    if (purpose !== null && values.role !== undefined) throw usageError('--role and --purpose do not go together: a signing key has no role')
    if (values['no-passphrase'] === true && values['passphrase-file'] !== undefined) {
      throw usageError('--passphrase-file and --no-passphrase do not go together: choose one')
    }
    const role = values.role ?? 'analyst'
    const roleProblem = nameProblem(role)
    if (roleProblem !== null) throw usageError(`--role ${roleProblem}`)
    const dir = resolvePath(context, values.out ?? '.')
    await refuseExisting(dir, name)
    const passphrase = values['no-passphrase'] === true
      ? undefined
      : await readPassphrase(context, { prompt: `passphrase for ${name}: `, file: values['passphrase-file'], isNew: true })
    const made = purpose === null ? await makeIdentity(context, name, role, passphrase) : makeSigningKey(name, purpose, passphrase)
    passphrase?.wipe()
    const paths = await writeFiles(dir, name, made)
    if (values.json === true) printJson(context, made.card)
    else printCard(context, made.card, paths)
    return 0
  },
})

async function makeIdentity(context: CliContext, name: string, role: string, passphrase: Secret | undefined): Promise<MadeKeys> {
  const primitives = await loadSodiumPrimitives()
  const pair = generateIdentityPair(primitives)
  const text = formatIdentityFile(pair, { name, day: dayString(context.clock.now()) })
  const card: Card = { format: 'tumen-card', version: 1, kind: 'recipient', name, role, ...recipientsOf(pair) }
  pair.hybrid.wipe()
  pair.x25519.wipe()
  if (passphrase === undefined) return { files: [{ suffix: '.identity', content: text }], card }
  const sealed = await sealWithPassphrase(primitives, new TextEncoder().encode(text), passphrase.revealText())
  return { files: [{ suffix: '.identity.age', content: sealed }], card }
}

function makeSigningKey(name: string, purpose: Purpose, passphrase: Secret | undefined): MadeKeys {
  const key = generateSigningKey()
  const files = [
    { suffix: '.key', content: formatSecretKey(key, passphrase) },
    { suffix: '.pub', content: formatPublicKeyFile(key.publicKey) },
  ]
  key.secret.wipe()
  const public_key = formatPublicKeyLine(key.publicKey)
  return { files, card: { format: 'tumen-card', version: 1, kind: 'signer', name, purpose, public_key } }
}

/** All of them or none. */
async function writeFiles(dir: string, name: string, made: MadeKeys): Promise<string[]> {
  await mkdir(dir, { recursive: true, mode: 0o700 })
  const written: string[] = []
  try {
    for (const { suffix, content } of [...made.files, { suffix: '.card.json', content: formatCard(made.card) }]) {
      const path = join(dir, name + suffix)
      await writeNewFile(path, content)
      written.push(path)
    }
    return written
  } catch (error) {
    for (const path of written) await rm(path, { force: true })
    throw error
  }
}

function printCard(context: CliContext, card: Card, paths: readonly string[]): void {
  const lines = card.kind === 'recipient'
    ? [`recipient          ${card.recipient}`, `recipient (x25519) ${card.recipient_x25519}`]
    : [`public key  ${card.public_key}`]
  const digest = card.kind === 'recipient' ? recipientDigest(card) : signerDigest(card)
  for (const line of [...lines, `fingerprint ${fingerprintGroups(digest)}`, ...paths.map((path) => `wrote ${path}`)]) printLine(context, line)
}

/** The name is also a file name, on a stick that any system may read. */
function checkFileName(name: string): void {
  const problem = nameProblem(name)
  if (problem !== null) throw usageError(`NAME ${problem}`)
  if (/[\\/:*?"<>|]/.test(name) || /^[.-]/.test(name)) {
    throw usageError('NAME becomes a file name: leave out \\ / : * ? " < > | and a leading dot or dash')
  }
}

function readPurpose(text: string | undefined): Purpose | null {
  if (text === undefined) return null
  const purpose = purposes.find((known) => known === text)
  if (purpose === undefined) throw usageError(`--purpose must be one of ${purposes.join(', ')}`)
  return purpose
}

async function refuseExisting(dir: string, name: string): Promise<void> {
  for (const suffix of ['.identity', '.identity.age', '.key', '.pub', '.card.json']) {
    const path = join(dir, name + suffix)
    if ((await lstat(path).catch(() => null)) !== null) {
      throw failure(`${path} exists and is not replaced: choose another name, or another folder with --out`)
    }
  }
}
