import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { loadSodiumPrimitives } from '../age/sodium.ts'
import { createDemoCeremony } from '../keyring/demo.ts'
import {
  keyringFileName,
  loadKeyringToStart,
  rootFileName,
  signatureFileName,
} from '../keyring/load.ts'
import { ensureDemoIndex } from './first-index.ts'

/**
 * Checks the keyring before anything starts, and holds a demo ceremony if the folder contains no
 * part of one. A folder with *some* parts is never changed: it is a real keyring that has lost
 * files, and the error says which.
 *
 * @throws KeyringError naming the problem and what to do about it
 */
export async function ensureKeyring(options: {
  keysDir: string
  dataDir: string
  day: string
}): Promise<{ isDemo: boolean }> {
  const parts = [keyringFileName, signatureFileName, rootFileName]
  if (!parts.some((name) => existsSync(join(options.keysDir, name)))) {
    await createDemoCeremony({ ...options, primitives: await loadSodiumPrimitives() })
  }
  // With a keyring that has expired or is not yet in force, the intake starts closed and opens when
  // it may.
  const { loaded } = await loadKeyringToStart({ dir: options.keysDir, day: options.day })
  await ensureDemoIndex(loaded, options)
  return { isDemo: loaded.keyring.demo }
}
