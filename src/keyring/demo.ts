import { link, unlink } from 'node:fs/promises'
import { join } from 'node:path'

import type { Primitives } from '../age/primitives.ts'
import { addDays } from '../time/day.ts'
import type { Day } from '../time/day.ts'
import { addRecipient, addSigner, createKeyring } from './edit.ts'
import { KeyringError } from './errors.ts'
import { makeSecretDir, readBounded, writeNewFile } from '../disk/small-files.ts'
import { formatIdentityFile, generateIdentityPair, recipientsOf } from './identity-file.ts'
import type { IdentityPair } from './identity-file.ts'
import { formatKeyring } from './keyring.ts'
import type { Keyring, SignerPurpose } from './keyring.ts'
import { keyringFileName, rootFileName, signatureFileName } from './load.ts'
import { demoOrganisation } from './demo-organisation.ts'
import { organisationFileName, organisationSignatureName } from './load-organisation.ts'
import { formatOrganisation } from './organisation.ts'
import {
  formatPublicKeyFile,
  formatPublicKeyLine,
  formatSecretKey,
  generateSigningKey,
} from './minisign.ts'
import type { SigningKey } from './minisign.ts'
import { signKeyring, signOrganisation } from './sign.ts'

const demoDays = 365
/** Bounds a loop. Nobody starts a demo this often. */
const maxEarlier = 1000
const analystName = 'DEMO analyst'

export interface DemoCeremony {
  readonly identityPath: string
  readonly rootKeyPath: string
  readonly deskKeyPath: string
  readonly exportKeyPath: string
}

interface DemoKeys {
  readonly identities: IdentityPair
  readonly root: SigningKey
  readonly desk: SigningKey
  readonly exporter: SigningKey
}

/**
 * Makes a complete set of demo keys, secrets included, on one machine: never for real tips.
 * @throws KeyringError `EXISTS` if the keys folder has a keyring; nothing is changed then.
 */
export async function createDemoCeremony(options: {
  keysDir: string
  dataDir: string
  day: Day
  primitives: Primitives
}): Promise<DemoCeremony> {
  const { keysDir, dataDir, day } = options
  await refuseExistingKeyring(keysDir)
  const keys: DemoKeys = {
    identities: generateIdentityPair(options.primitives),
    root: generateSigningKey(),
    desk: generateSigningKey(),
    exporter: generateSigningKey(),
  }
  // Secrets first: with a keyring whose secrets are not on disk nobody could open the tips.
  const paths = await writeSecrets(dataDir, keys, day)
  await writeOrganisation(keysDir, keys.root, day)
  await writePublic(keysDir, demoKeyring(keys, day), keys.root)
  return paths
}

function demoKeyring(keys: DemoKeys, day: Day): Keyring {
  const validity = { validFrom: day, validUntil: null }
  const head = { format: 'tumen-card', version: 1 } as const
  const signer = (name: string, purpose: SignerPurpose, key: SigningKey) =>
    ({
      ...head,
      kind: 'signer',
      name,
      purpose,
      public_key: formatPublicKeyLine(key.publicKey),
    }) as const
  const analyst = {
    ...head,
    kind: 'recipient',
    name: analystName,
    role: 'analyst',
    ...recipientsOf(keys.identities),
  } as const
  const empty = createKeyring({ day, expires: addDays(day, demoDays), demo: true })
  const withAnalyst = addRecipient(empty, analyst, validity)
  const withServer = addSigner(
    withAnalyst,
    signer('DEMO server', 'export', keys.exporter),
    validity,
  )
  return addSigner(withServer, signer('DEMO desk', 'acknowledgement', keys.desk), validity)
}

async function writeSecrets(dataDir: string, keys: DemoKeys, day: Day): Promise<DemoCeremony> {
  const demoDir = join(dataDir, 'demo')
  await makeSecretDir(dataDir)
  await makeSecretDir(demoDir)
  const paths: DemoCeremony = {
    identityPath: join(demoDir, 'demo.identity'),
    rootKeyPath: join(demoDir, 'root.key'),
    deskKeyPath: join(demoDir, 'desk.key'),
    exportKeyPath: join(dataDir, 'export.key'),
  }
  await keepEarlier(Object.values(paths))
  await writeNewFile(
    paths.identityPath,
    formatIdentityFile(keys.identities, { name: analystName, day }),
  )
  await writeNewFile(paths.rootKeyPath, formatSecretKey(keys.root))
  await writeNewFile(paths.deskKeyPath, formatSecretKey(keys.desk))
  await writeNewFile(paths.exportKeyPath, formatSecretKey(keys.exporter))
  return paths
}

async function writeOrganisation(keysDir: string, root: SigningKey, day: Day): Promise<void> {
  const bytes = formatOrganisation(demoOrganisation)
  const [path, signaturePath] = [
    join(keysDir, organisationFileName),
    join(keysDir, organisationSignatureName),
  ]
  await makeSecretDir(keysDir)
  await keepEarlier([path, signaturePath])
  await writeNewFile(path, bytes)
  await writeNewFile(signaturePath, signOrganisation(bytes, root, day))
}

/** `keyring.json` is written last: without it the ceremony counts as not done. */
async function writePublic(keysDir: string, keyring: Keyring, root: SigningKey): Promise<void> {
  const bytes = formatKeyring(keyring)
  await makeSecretDir(keysDir)
  await keepEarlier([join(keysDir, rootFileName), join(keysDir, signatureFileName)])
  await writeNewFile(join(keysDir, rootFileName), formatPublicKeyFile(root.publicKey))
  await writeNewFile(join(keysDir, signatureFileName), signKeyring(bytes, root))
  await writeNewFile(join(keysDir, keyringFileName), bytes)
}

async function refuseExistingKeyring(keysDir: string): Promise<void> {
  const path = join(keysDir, keyringFileName)
  if ((await readBounded(path, 1)) === null) return
  throw new KeyringError('EXISTS', `${path} exists: a demo never replaces a keyring`)
}

/**
 * Sets the secrets of an earlier demo aside. They are never overwritten, because they may still
 * open tips in the vault.
 */
async function keepEarlier(paths: readonly string[]): Promise<void> {
  for (const path of paths) await setAside(path)
}

async function setAside(path: string): Promise<void> {
  for (let number = 1; number <= maxEarlier; number += 1) {
    const aside = `${path}.old-${number}`
    try {
      await link(path, aside)
      return await unlink(path)
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException
      if (code === 'ENOENT') return
      if (code !== 'EEXIST') throw error
    }
  }
  throw new KeyringError(
    'EXISTS',
    `${path} was set aside ${maxEarlier} times: move the old ones away`,
  )
}
