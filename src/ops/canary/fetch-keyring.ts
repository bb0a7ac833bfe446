import { createHash } from 'node:crypto'
import { isExpired, recipientsOn } from '../../keyring/in-force.ts'
import { parseKeyring } from '../../keyring/keyring.ts'
import { readRoot } from '../../keyring/load.ts'
import { verifyMinisignWithNoble } from '../../keyring/verify-noble.ts'
import type { Day } from '../../time/day.ts'
import { CanaryError } from './errors.ts'
import type { PublicWay } from './public-way.ts'

export interface ServedKeyring {
  fingerprint: string
  /** The number of people that a tip of this day is sealed to. */
  recipients: number
}

/**
 * Fetches the keyring as the page does, and checks it with the page's verifier: no source could
 * send with a keyring that is badly signed or expired.
 *
 * @throws CanaryError `REFUSED`; ExchangeError, KeyringError.
 */
export async function fetchKeyring(
  way: PublicWay,
  options: { keysDir: string; day: Day },
): Promise<ServedKeyring> {
  const bytes = await fetchFile(way, '/keyring.json')
  const signature = await fetchFile(way, '/keyring.json.minisig')
  const { root } = await readRoot(options.keysDir)
  verifyMinisignWithNoble({ publicKey: root, message: bytes, signature })
  const keyring = parseKeyring(bytes)
  const recipients = recipientsOn(keyring, options.day).length
  if (isExpired({ keyring }, options.day) || recipients === 0)
    throw new CanaryError('REFUSED', 'nobody can be sealed to')
  return { fingerprint: createHash('sha256').update(bytes).digest('hex'), recipients }
}

async function fetchFile(way: PublicWay, path: string): Promise<Uint8Array> {
  const { status, body } = await way({ method: 'GET', path })
  if (status !== 200) throw new CanaryError('REFUSED', `the keyring was answered with ${status}`)
  return body
}
