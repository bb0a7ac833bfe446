import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { loadSodiumPrimitives } from '../age/sodium.ts'
import { readBounded } from '../disk/small-files.ts'
import { maxKeyFileBytes } from '../keyring/bounds.ts'
import { createDemoCeremony } from '../keyring/demo.ts'
import { MinisignError } from '../keyring/errors.ts'
import {
  keyringFileName,
  loadKeyringToStart,
  rootFileName,
  signatureFileName,
} from '../keyring/load.ts'
import { formatPublicKeyFile, parseSecretKey } from '../keyring/minisign.ts'
import { ensureDemoIndex } from './first-index.ts'

/**
 * Checks the keyring before anything starts, and holds a demo ceremony if the folder contains no
 * part of one, or only what a killed demo ceremony has left. Any other folder with *some* parts is
 * never changed: it is a real keyring that has lost files, and the error says which.
 *
 * @throws KeyringError naming the problem and what to do about it
 */
export async function ensureKeyring(options: {
  keysDir: string
  dataDir: string
  day: string
}): Promise<{ isDemo: boolean }> {
  const parts = [keyringFileName, signatureFileName, rootFileName]
  const hasParts = parts.some((name) => existsSync(join(options.keysDir, name)))
  if (!hasParts || (await isStoppedDemo(options))) {
    await createDemoCeremony({ ...options, primitives: await loadSodiumPrimitives() })
  }
  // With a keyring that has expired or is not yet in force, the intake starts closed and opens when
  // it may.
  const { loaded } = await loadKeyringToStart({ dir: options.keysDir, day: options.day })
  await ensureDemoIndex(loaded, options)
  return { isDemo: loaded.keyring.demo }
}

/** The ceremony writes the secret keys first and `keyring.json` last. */
async function isStoppedDemo({
  keysDir,
  dataDir,
}: {
  keysDir: string
  dataDir: string
}): Promise<boolean> {
  if (existsSync(join(keysDir, keyringFileName))) return false
  const secret = await readBounded(join(dataDir, 'demo', 'root.key'), maxKeyFileBytes)
  const found = await readBounded(join(keysDir, rootFileName), maxKeyFileBytes)
  if (secret === null || found === null) return false
  try {
    const key = parseSecretKey(new TextDecoder().decode(secret))
    key.secret.wipe()
    return formatPublicKeyFile(key.publicKey) === new TextDecoder().decode(found)
  } catch (error) {
    if (error instanceof MinisignError) return false
    throw error
  }
}
