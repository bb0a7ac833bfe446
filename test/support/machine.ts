import { cp, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Recipient } from '../../src/age/keys.ts'
import { parseRecipient } from '../../src/age/keys.ts'
import { createDemoCeremony } from '../../src/keyring/demo.ts'
import { recipientsOn } from '../../src/keyring/in-force.ts'
import type { Keyring } from '../../src/keyring/keyring.ts'
import { loadKeyring } from '../../src/keyring/load.ts'
import type { Day } from '../../src/time/day.ts'
import { dayOfInstant } from '../../src/time/day.ts'
import { primitives } from './ceremony.ts'
import { sha256 } from './sealed.ts'
import { makeTempDir } from './temp-dir.ts'

/** The folders of a machine after the ceremony, with no process running: `keys/`, `var/`. */
export interface Machine {
  dir: string
  at: (...parts: string[]) => string
  env: Record<string, string>
  /** The day of the ceremony. */
  day: Day
  keyring: Keyring
  recipients: Recipient[]
  identityPath: string
  deskKeyPath: string
  /** Puts an envelope into the vault, as the worker does. @returns its receipt. */
  store: (envelope: Uint8Array, prefix?: 'sealed' | 'collected') => Promise<string>
}

export async function makeMachine(
  day = dayOfInstant(new Date()),
  folder?: string,
): Promise<Machine> {
  const dir = folder ?? (await makeTempDir())
  await createDemoCeremony({
    keysDir: join(dir, 'keys'),
    dataDir: join(dir, 'var'),
    day,
    primitives,
  })
  const { keyring } = await loadKeyring({ dir: join(dir, 'keys'), day })
  for (const prefix of ['sealed', 'collected'])
    await mkdir(join(dir, 'var', prefix), { mode: 0o700 })
  return machineIn(dir, keyring, day)
}

/** A copy of a machine and of everything in its folder, for one test. */
export async function copyMachine(original: Machine): Promise<Machine> {
  const dir = await makeTempDir()
  await cp(original.dir, dir, { recursive: true, preserveTimestamps: true })
  const { keyring, day } = original
  return machineIn(dir, keyring, day)
}

function machineIn(dir: string, keyring: Keyring, day: Day): Machine {
  const at = (...parts: string[]) => join(dir, ...parts)
  return {
    dir,
    at,
    day,
    keyring,
    identityPath: at('var', 'demo', 'demo.identity'),
    deskKeyPath: at('var', 'demo', 'desk.key'),
    env: { TUMEN_DATA_DIR: at('var'), TUMEN_KEYS_DIR: at('keys') },
    recipients: recipientsOn(keyring, day).map((entry) => parseRecipient(entry.recipient)),
    async store(envelope, prefix = 'sealed') {
      const receipt = sha256(envelope)
      await writeFile(at('var', prefix, `${receipt}.age`), envelope)
      return receipt
    },
  }
}
