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

/**
 * Checks the keyring before anything starts, and holds a demo ceremony when the
 * folder has no part of one. A folder with *some* parts is never touched: it is
 * a real keyring that lost something, and the error says what.
 *
 * @throws KeyringError saying what is wrong and the way out
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
  // With one that is over or not in force yet, the intake starts closed and opens when it may.
  const { loaded } = await loadKeyringToStart({ dir: options.keysDir, day: options.day })
  return { isDemo: loaded.keyring.demo }
}
