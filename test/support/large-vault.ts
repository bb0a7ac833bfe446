import { createHash } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { makeEnvelope } from '../workers/envelopes.ts'

/**
 * Writes a vault of age files of 202 bytes without a ledger, as if the ledger had been lost. It is
 * one envelope many times; the last bytes are its number, so that each has its own receipt.
 */
export function makeVault(dataDir: string, count: number): void {
  for (const name of ['incoming', 'sealed', 'collected', 'quarantine', 'tmp'])
    mkdirSync(join(dataDir, name), { recursive: true, mode: 0o700 })
  const { bytes } = makeEnvelope()
  const envelope = Buffer.from(bytes.subarray(0, 202))
  for (let n = 0; n < count; n += 1) {
    envelope.writeUInt32BE(n, envelope.length - 4)
    const receipt = createHash('sha256').update(envelope).digest('hex')
    writeFileSync(join(dataDir, 'sealed', `${receipt}.age`), envelope, { mode: 0o600 })
  }
}
