import type { Identity } from '../../age/keys.ts'
import { recipientOf } from '../../age/keys.ts'
import { loadSodiumPrimitives } from '../../age/sodium.ts'
import { parseCard } from '../../keyring/card.ts'
import { readBounded } from '../../disk/small-files.ts'
import { fingerprintGroups, recipientDigest, signerDigest } from '../../keyring/fingerprint.ts'
import { maxIdentityFileBytes } from '../../keyring/identity-file.ts'
import { formatKeyId, formatPublicKeyLine, parsePublicKey } from '../../keyring/minisign.ts'
import type { PublicKey } from '../../keyring/minisign.ts'
import { isPassphraseProtected } from '../../open/identities.ts'
import { defineCommand } from '../frame/command.ts'
import { printJson, printLine, resolvePath } from '../frame/context.ts'
import type { CliContext } from '../frame/context.ts'
import { failure } from '../frame/errors.ts'
import { passphraseOptions } from './read-passphrase.ts'
import { named } from './with-passphrase.ts'
import { readIdentitiesOf, readSigningKey } from './read-secret.ts'

/** The public facts to print: labels and values, in print order. */
type Facts = Record<string, string>

interface Source {
  readonly context: CliContext
  readonly path: string
  readonly bytes: Uint8Array
  readonly passphraseFile: string | undefined
}

export const keysShow = defineCommand({
  name: 'keys show',
  summary: 'show what is public about an identity, a card or a minisign key',
  usage: 'FILE [--passphrase-file FILE] [--json]',
  help: 'FILE may be NAME.identity, NAME.identity.age, NAME.card.json, NAME.key or NAME.pub. No secret is ever shown.',
  options: { ...passphraseOptions, json: { type: 'boolean', about: 'print JSON' } },
  positionals: { min: 1, max: 1 },
  async run(context, values, [path = '']) {
    const bytes = await readBounded(resolvePath(context, path), maxIdentityFileBytes)
    if (bytes === null) throw failure(`${path} is missing`)
    const facts = await readFacts({
      context,
      path,
      bytes,
      passphraseFile: values['passphrase-file'],
    })
    if (values.json === true) printJson(context, facts)
    else
      for (const [label, value] of Object.entries(facts))
        printLine(context, `${label.replaceAll('_', ' ').padEnd(17)} ${value}`)
    return 0
  },
})

async function readFacts(source: Source): Promise<Facts> {
  const text = new TextDecoder().decode(source.bytes)
  if (isPassphraseProtected(source.bytes)) return identityFacts(await readSource(source))
  if (text.trimStart().startsWith('{')) return cardFacts(source)
  if (text.includes('AGE-SECRET-KEY-')) return identityFacts(await readSource(source))
  if (text.startsWith('untrusted comment:')) return await minisignFacts(source, text)
  throw failure(`${source.path} is not an identity, a card or a minisign key`)
}

async function readSource(source: Source): Promise<Identity[]> {
  const primitives = await loadSodiumPrimitives()
  const identities = await readIdentitiesOf(source.context, primitives, source.bytes, source)
  source.bytes.fill(0)
  return identities
}

function identityFacts(identities: readonly Identity[]): Facts {
  const recipientOfKind = (kind: 'hybrid' | 'x25519') => {
    const identity = identities.find((candidate) => candidate.kind === kind)
    return identity === undefined ? null : recipientOf(identity)
  }
  const recipient = recipientOfKind('hybrid')
  const recipient_x25519 = recipientOfKind('x25519')
  for (const identity of identities) identity.wipe()
  return {
    kind: 'identity',
    ...(recipient === null ? {} : { recipient }),
    ...(recipient_x25519 === null ? {} : { recipient_x25519 }),
    ...(recipient === null || recipient_x25519 === null
      ? {}
      : { fingerprint: fingerprintGroups(recipientDigest({ recipient, recipient_x25519 })) }),
  }
}

function cardFacts({ path, bytes }: Source): Facts {
  const card = readCardOf(path, bytes)
  if (card.kind === 'signer') {
    const { name, purpose, public_key } = card
    return {
      kind: 'signer card',
      name,
      purpose,
      public_key,
      fingerprint: fingerprintGroups(signerDigest(card)),
    }
  }
  const { name, role, recipient, recipient_x25519 } = card
  return {
    kind: 'recipient card',
    name,
    role,
    recipient,
    recipient_x25519,
    fingerprint: fingerprintGroups(recipientDigest(card)),
  }
}

function readCardOf(path: string, bytes: Uint8Array): ReturnType<typeof parseCard> {
  try {
    return parseCard(bytes)
  } catch (error) {
    throw named(path, error)
  }
}

async function minisignFacts(source: Source, text: string): Promise<Facts> {
  // A public key is 42 bytes: one line of 56 characters. A longer line is a secret key.
  if ((text.split('\n')[1] ?? '').trim().length === 56)
    return publicKeyFacts('minisign public key', parsePublicKey(text))
  const key = await readSigningKey(source.context, { ...source, text })
  key.secret.wipe()
  return publicKeyFacts('minisign secret key', key.publicKey)
}

function publicKeyFacts(kind: string, publicKey: PublicKey): Facts {
  const public_key = formatPublicKeyLine(publicKey)
  return {
    kind,
    key_id: formatKeyId(publicKey.keyId),
    public_key,
    fingerprint: fingerprintGroups(signerDigest({ public_key })),
  }
}
