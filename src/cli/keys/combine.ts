import { loadSodiumPrimitives } from '../../age/sodium.ts'
import type { Primitives } from '../../age/primitives.ts'
import { concat } from '../../age/bytes.ts'
import { ShareError } from '../../keyring/errors.ts'
import { readBounded } from '../../disk/small-files.ts'
import { fingerprintGroups } from '../../keyring/fingerprint.ts'
import {
  fileNameProblem,
  findKeyFile,
  protectIdentityFile,
  writeKeyFiles,
} from '../../keyring/make-keys.ts'
import type { KeyFile } from '../../keyring/make-keys.ts'
import { formatPublicKeyFile, formatSecretKey, parseSecretKey } from '../../keyring/minisign.ts'
import type { Secret } from '../../keyring/secret.ts'
import type { SecretText } from '../../keyring/secret-text.ts'
import { maxShareFileBytes, parseShare } from '../../keyring/share-format.ts'
import { combineShares } from '../../keyring/shares.ts'
import type { GivenShare } from '../../keyring/shares.ts'
import { defineCommand } from '../frame/command.ts'
import { printLine, resolvePath } from '../frame/context.ts'
import type { CliContext } from '../frame/context.ts'
import { failure } from '../frame/errors.ts'
import { checkPassphraseChoice, newPassphraseOptions, readNewPassphrase } from './new-passphrase.ts'

export const keysCombine = defineCommand({
  name: 'keys combine',
  summary: 'restore a secret key from enough of its shares',
  usage: 'SHARE… [--out DIR] [--generate-passphrase | --passphrase-file FILE | --no-passphrase]',
  help: `
Writes the key under its old name, with a new passphrase, and shows its fingerprint. If it is not the fingerprint
in the shares, nothing is written. Do this on a machine without a network.`,
  options: {
    out: { type: 'string', value: 'DIR', about: 'the folder to write to (default: this one)' },
    ...newPassphraseOptions,
  },
  positionals: { min: 1, max: 255 },
  async run(context, values, paths) {
    checkPassphraseChoice(values)
    const given: GivenShare[] = []
    for (const path of paths) given.push(await readShare(context, path))
    const primitives = await loadSodiumPrimitives()
    const secret = await combineShares(primitives, given)
    for (const { share } of given) share.bytes.fill(0)
    try {
      const { name, dir } = await placeFor(context, given, values.out)
      const passphrase = await readNewPassphrase(context, name, values)
      const files = await restoredFiles(primitives, secret, name, passphrase)
      passphrase?.wipe()
      for (const path of await writeKeyFiles(dir, name, { files }, context.onInterrupt))
        printLine(context, `wrote ${path}`)
      printLine(context, `fingerprint ${fingerprintGroups(secret.digest)}`)
      return 0
    } finally {
      secret.text.wipe()
    }
  },
})

/**
 * The name and folder for the restored key. @throws CliError `FAILED` if a file of that name
 * exists.
 */
async function placeFor(
  context: CliContext,
  [first]: readonly GivenShare[],
  out: string | undefined,
): Promise<{ name: string; dir: string }> {
  const name = first?.share.of ?? ''
  if (fileNameProblem(name) !== null)
    throw failure('the name in the shares cannot be used as a file name')
  const dir = resolvePath(context, out ?? '.')
  const existing = await findKeyFile(dir, name)
  if (existing !== null)
    throw failure(`${existing} exists and is not replaced: choose another folder with --out`)
  return { name, dir }
}

async function readShare(context: CliContext, path: string): Promise<GivenShare> {
  const bytes = await readBounded(resolvePath(context, path), maxShareFileBytes)
  if (bytes === null) throw failure(`${path} is missing`)
  try {
    return { from: path, share: parseShare(bytes) }
  } catch (error) {
    throw error instanceof ShareError
      ? new ShareError(error.code, `${path}: ${error.message}`)
      : error
  } finally {
    bytes.fill(0)
  }
}

async function restoredFiles(
  primitives: Primitives,
  secret: SecretText,
  name: string,
  passphrase: Secret | undefined,
): Promise<KeyFile[]> {
  const { kind, text } = secret
  if (kind === 'identity') {
    const comment = new TextEncoder().encode(
      `# Tumen identity of ${name}, restored from shares. SECRET: keep it off every networked machine.\n`,
    )
    const plain = concat(comment, text.reveal())
    return [await protectIdentityFile(primitives, plain, passphrase)]
  }
  const key = parseSecretKey(text.revealText())
  const content = formatSecretKey(key, passphrase)
  key.secret.wipe()
  return [
    { suffix: '.key', content },
    { suffix: '.pub', content: formatPublicKeyFile(key.publicKey) },
  ]
}
