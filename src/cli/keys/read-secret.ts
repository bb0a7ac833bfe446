import type { Identity } from '../../age/keys.ts'
import type { Primitives } from '../../age/primitives.ts'
import { loadSodiumPrimitives } from '../../age/sodium.ts'
import { readBounded } from '../../disk/small-files.ts'
import { maxIdentityFileBytes } from '../../keyring/identity-file.ts'
import { parseSecretKey, secretKeyIsProtected } from '../../keyring/minisign.ts'
import type { SigningKey } from '../../keyring/minisign.ts'
import { identitiesText, signingKeyText } from '../../keyring/secret-text.ts'
import type { SecretText } from '../../keyring/secret-text.ts'
import type { Secret } from '../../keyring/secret.ts'
import { isPassphraseProtected, readIdentities } from '../../open/identities.ts'
import type { CliContext } from '../frame/context.ts'
import { resolvePath } from '../frame/context.ts'
import { failure } from '../frame/errors.ts'
import type { ProtectedFile } from './with-passphrase.ts'
import { named, withPassphrase } from './with-passphrase.ts'

/**
 * Reads an identity or signing key file, with its passphrase if it has one.
 * @throws CliError, KeyringError, MinisignError, AgeError.
 */
export async function readSecretFile(
  context: CliContext,
  path: string,
  passphraseFile: string | undefined,
): Promise<SecretText> {
  const bytes = await readBounded(resolvePath(context, path), maxIdentityFileBytes)
  if (bytes === null) throw failure(`${path} is missing`)
  try {
    const text = new TextDecoder().decode(bytes)
    if (text.startsWith('untrusted comment:'))
      return await readSigningText(context, { path, text, passphraseFile })
    return await readIdentityText(context, { path, bytes, passphraseFile })
  } finally {
    bytes.fill(0)
  }
}

/** Reads a minisign secret key. A protected key takes about three seconds. */
export async function readSigningKey(
  context: CliContext,
  file: { path: string; text: string; passphraseFile: string | undefined },
): Promise<SigningKey> {
  try {
    if (!secretKeyIsProtected(file.text)) return parseSecretKey(file.text)
  } catch (error) {
    throw named(file.path, error)
  }
  return await withPassphrase(context, file, (passphrase) => parseSecretKey(file.text, passphrase))
}

/**
 * The identities in an identity file; asks for its passphrase if it has one. @throws CliError
 * `FAILED`.
 */
export async function readIdentitiesOf(
  context: CliContext,
  primitives: Primitives,
  bytes: Uint8Array,
  file: ProtectedFile,
): Promise<Identity[]> {
  const read = (passphrase: Secret | null) =>
    readIdentities(primitives, bytes, async () => passphrase?.revealText() ?? '')
  return isPassphraseProtected(bytes)
    ? await withPassphrase(context, file, read)
    : await read(null).catch((error: unknown) => {
        throw named(file.path, error)
      })
}

async function readSigningText(
  context: CliContext,
  file: Parameters<typeof readSigningKey>[1],
): Promise<SecretText> {
  const key = await readSigningKey(context, file)
  const text = signingKeyText(key)
  key.secret.wipe()
  return text
}

async function readIdentityText(
  context: CliContext,
  file: { path: string; bytes: Uint8Array; passphraseFile: string | undefined },
): Promise<SecretText> {
  const primitives = await loadSodiumPrimitives()
  const identities = await readIdentitiesOf(context, primitives, file.bytes, file)
  const text = identitiesText(identities)
  for (const identity of identities) identity.wipe()
  return text
}
