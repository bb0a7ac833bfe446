import { join } from 'node:path'

import { extend } from '../../keyring/edit.ts'
import { readBounded, replaceFile } from '../../disk/small-files.ts'
import { fingerprintGroups } from '../../keyring/fingerprint.ts'
import { formatKeyring, recipientsOn } from '../../keyring/keyring.ts'
import type { Keyring } from '../../keyring/keyring.ts'
import { keyringFileName, loadKeyring, readRoot, signatureFileName } from '../../keyring/load.ts'
import { formatKeyId, formatPublicKeyLine, isEqual } from '../../keyring/minisign.ts'
import type { PublicKey, SigningKey } from '../../keyring/minisign.ts'
import type { Day } from '../../time/day.ts'
import { maxKeyFileBytes, maxOrganisationBytes } from '../../keyring/bounds.ts'
import {
  loadOrganisation,
  organisationFileName,
  organisationSignatureName,
} from '../../keyring/load-organisation.ts'
import { parseOrganisation } from '../../keyring/organisation.ts'
import { signKeyring, signOrganisation } from '../../keyring/sign.ts'
import { defineCommand } from '../frame/command.ts'
import { printLine, resolvePath } from '../frame/context.ts'
import type { CliContext } from '../frame/context.ts'
import { failure, usageError } from '../frame/errors.ts'
import { dirOption, keyringDir, readDay, readDraft, today } from '../frame/keyring-folder.ts'
import { readSigningKey } from '../keys/read-secret.ts'
import { passphraseOptions } from '../keys/read-passphrase.ts'

export const keyringSign = defineCommand({
  name: 'keyring sign',
  summary: 'issue the keyring as of today, and sign it and organisation.json with the root',
  usage: '--root-key FILE [--expires DAY] [--dir DIR] [--passphrase-file FILE]',
  help: `Do this on the machine of the root key, which has no network. Sign again before the keyring expires.
If the folder has an organisation.json ("tumen keyring organisation"), it is signed as well.`,
  options: {
    ...dirOption,
    'root-key': { type: 'string', value: 'FILE', about: 'the secret key of the root' },
    expires: {
      type: 'string',
      value: 'DAY',
      about: 'the last valid day of the keyring (default: unchanged)',
    },
    ...passphraseOptions,
  },
  positionals: { min: 0, max: 0 },
  async run(context, values) {
    const rootKeyPath = values['root-key']
    if (rootKeyPath === undefined) throw usageError('--root-key FILE is needed')
    const dir = await keyringDir(context, values.dir)
    const day = today(context)
    const { keyring } = await readDraft(dir)
    const expires =
      values.expires === undefined ? keyring.expires : readDay('expires', values.expires)
    if (expires < day)
      throw failure(`the keyring would expire before today (${expires}): give --expires DAY`)
    const issued = extend(keyring, { day, expires })
    refuseNobody(issued, day)
    const organisation = await readOrganisation(dir)
    const { root } = await readRoot(dir)
    const key = await readRootKey(context, rootKeyPath, values['passphrase-file'])
    refuseOtherKey(key, root, rootKeyPath)
    await writeSigned(dir, { keyring: issued, organisation, day }, key)
    const loaded = await loadKeyring({ dir, day })
    printLine(context, `signed by root ${formatKeyId(root.keyId)}, valid until ${expires}`)
    printLine(context, `fingerprint ${fingerprintGroups(loaded.fingerprint)}`)
    if ((await loadOrganisation(dir)) !== null) printLine(context, 'signed organisation.json')
    return 0
  },
})

async function writeSigned(
  dir: string,
  files: { keyring: Keyring; organisation: Uint8Array | null; day: Day },
  key: SigningKey,
): Promise<void> {
  const { organisation, day } = files
  const bytes = formatKeyring(files.keyring)
  const signature = signKeyring(bytes, key)
  const organisationSignature =
    organisation === null ? null : signOrganisation(organisation, key, day)
  key.secret.wipe()
  if (organisationSignature !== null)
    await replaceFile(join(dir, organisationSignatureName), organisationSignature)
  await replaceFile(join(dir, keyringFileName), bytes)
  await replaceFile(join(dir, signatureFileName), signature)
}

/**
 * Reads `organisation.json` before the root key is asked for, so that a mistake in it is found
 * first. Null if there is none.
 */
async function readOrganisation(dir: string): Promise<Uint8Array | null> {
  const bytes = await readBounded(join(dir, organisationFileName), maxOrganisationBytes)
  if (bytes !== null) parseOrganisation(bytes)
  return bytes
}

function refuseNobody(keyring: Keyring, day: string): void {
  if (recipientsOn(keyring, day).length > 0) return
  throw failure(
    `the keyring has no recipient in force on ${day}: nobody could open a tip. Add one with "tumen keyring add CARD"`,
  )
}

function refuseOtherKey(key: SigningKey, root: PublicKey, path: string): void {
  if (isEqual(key.publicKey.key, root.key) && isEqual(key.publicKey.keyId, root.keyId)) return
  throw failure(
    `${path} is not the key of root.pub (${formatPublicKeyLine(root)}): use the root's key`,
  )
}

async function readRootKey(
  context: CliContext,
  path: string,
  passphraseFile: string | undefined,
): Promise<SigningKey> {
  const bytes = await readBounded(resolvePath(context, path), maxKeyFileBytes)
  if (bytes === null) throw failure(`${path} is missing`)
  const text = new TextDecoder().decode(bytes)
  bytes.fill(0)
  return await readSigningKey(context, { path, text, passphraseFile })
}
