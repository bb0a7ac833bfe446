import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Recipient } from '../../src/age/keys.ts'
import { parseRecipient } from '../../src/age/keys.ts'
import { createDemoCeremony } from '../../src/keyring/demo.ts'
import { recipientsOn } from '../../src/keyring/keyring.ts'
import { loadKeyring } from '../../src/keyring/load.ts'
import { dayOfInstant } from '../../src/time/day.ts'
import { primitives } from './ceremony.ts'
import { sha256 } from './sealed.ts'
import { makeTempDir } from './temp-dir.ts'

/** A machine's folders as a ceremony leaves them, with no process running: `keys/`, `var/`. */
export interface Machine {
  dir: string
  at: (...parts: string[]) => string
  env: Record<string, string>
  recipients: Recipient[]
  identityPath: string
  deskKeyPath: string
  /** Puts an envelope into the vault, as the worker would. @returns its receipt. */
  store: (envelope: Uint8Array, prefix?: 'sealed' | 'collected') => Promise<string>
}

export async function makeMachine(
  day = dayOfInstant(new Date()),
  folder?: string,
): Promise<Machine> {
  const dir = folder ?? (await makeTempDir())
  const at = (...parts: string[]) => join(dir, ...parts)
  const { identityPath, deskKeyPath } = await createDemoCeremony({
    keysDir: at('keys'),
    dataDir: at('var'),
    day,
    primitives,
  })
  const { keyring } = await loadKeyring({ dir: at('keys'), day })
  for (const prefix of ['sealed', 'collected']) await mkdir(at('var', prefix), { mode: 0o700 })
  return {
    dir,
    at,
    identityPath,
    deskKeyPath,
    env: { TUMEN_DATA_DIR: at('var'), TUMEN_KEYS_DIR: at('keys') },
    recipients: recipientsOn(keyring, day).map((entry) => parseRecipient(entry.recipient)),
    async store(envelope, prefix = 'sealed') {
      const receipt = sha256(envelope)
      await writeFile(at('var', prefix, `${receipt}.age`), envelope)
      return receipt
    },
  }
}
