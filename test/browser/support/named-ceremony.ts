import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { addRecipient, addSigner, createKeyring } from '../../../src/keyring/edit.ts'
import {
  formatIdentityFile,
  generateIdentityPair,
  recipientsOf,
} from '../../../src/keyring/identity-file.ts'
import { formatKeyring } from '../../../src/keyring/keyring.ts'
import { keyringFileName, rootFileName, signatureFileName } from '../../../src/keyring/load.ts'
import {
  formatPublicKeyFile,
  formatPublicKeyLine,
  formatSecretKey,
  generateSigningKey,
} from '../../../src/keyring/minisign.ts'
import { signKeyring } from '../../../src/keyring/sign.ts'
import { addDays, dayOfInstant } from '../../../src/time/day.ts'
import { primitives } from '../../support/ceremony.ts'
import type { SiteOptions } from './site.ts'

/** A real (not a demo) keyring of one analyst with this name. */
export function ceremonyFor(analystName: string): NonNullable<SiteOptions['ceremony']> {
  return async ({ keysDir, dataDir, identityPath }) => {
    const day = dayOfInstant(new Date())
    const [pair, root, exporter] = [
      generateIdentityPair(primitives),
      generateSigningKey(),
      generateSigningKey(),
    ]
    const card = { format: 'tumen-card', version: 1 } as const
    const validity = { validFrom: day, validUntil: null }
    const withAnalyst = addRecipient(
      createKeyring({ day, expires: addDays(day, 300) }),
      {
        ...card,
        kind: 'recipient',
        name: analystName,
        role: 'analyst',
        ...recipientsOf(pair),
      },
      validity,
    )
    const keyring = addSigner(
      withAnalyst,
      {
        ...card,
        kind: 'signer',
        name: 'server',
        purpose: 'export',
        public_key: formatPublicKeyLine(exporter.publicKey),
      },
      validity,
    )
    const bytes = formatKeyring(keyring)
    await mkdir(keysDir, { recursive: true, mode: 0o700 })
    await mkdir(dataDir, { recursive: true, mode: 0o700 })
    const secret = { mode: 0o600 }
    await writeFile(identityPath, formatIdentityFile(pair, { name: analystName, day }), secret)
    await writeFile(join(dataDir, 'export.key'), formatSecretKey(exporter), secret)
    await writeFile(join(keysDir, rootFileName), formatPublicKeyFile(root.publicKey))
    await writeFile(join(keysDir, signatureFileName), signKeyring(bytes, root))
    await writeFile(join(keysDir, keyringFileName), bytes)
  }
}
