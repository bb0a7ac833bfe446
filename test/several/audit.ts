import { expect } from 'vitest'
import type { S3Place } from '../../src/store/s3-bucket.ts'
import type { Answer, Load } from '../faults/source.ts'
import { contentOf, digestOf } from '../store/contract.ts'
import { openOn } from './ceph-for-file.ts'
import { type Machines, storedReceipts } from './machines.ts'

/**
 * Waits until the ledgers hold every receipt that was given. Expects each envelope exactly once in
 * the bucket, byte for byte, and a reason in every refusal.
 * @returns a line that summarises what was found.
 */
export async function expectEverything(
  site: Machines,
  place: S3Place,
  loads: readonly Load[],
): Promise<string> {
  const acknowledged = new Set(loads.flatMap((load) => [...load.acknowledged]))
  const refused = loads.flatMap((load) => load.refused)
  const missing = async (): Promise<number> => {
    const stored = await storedReceipts(site.machines)
    return [...acknowledged].filter((receipt) => !stored.has(receipt)).length
  }
  await expect.poll(missing, { timeout: 300_000, interval: 1000 }).toBe(0)
  const store = await openOn(place)
  const folders = await Promise.all(
    (['incoming', 'sealed', 'collected'] as const).map(async (prefix) =>
      (await Array.fromAsync(store.list(prefix))).map(({ receipt }) => receipt),
    ),
  )
  const held = folders.flat()
  let damaged = 0
  for (const receipt of acknowledged)
    if (digestOf(await contentOf(store, 'incoming', receipt)) !== receipt) damaged += 1
  const audit = {
    lost: [...acknowledged].filter((receipt) => !held.includes(receipt)).length,
    twice: held.length - new Set(held).size,
    damaged,
    suspects: await store.suspects(),
  }
  expect(audit).toEqual({ lost: 0, twice: 0, damaged: 0, suspects: 0 })
  expect(refused.filter((answer) => !isRefusalInWords(answer))).toEqual([])
  const logs = site.machines.map(({ intake, worker }) => intake.log + worker.log).join('')
  expect(logs).not.toMatch(/[0-9a-f]{64}/)
  return `${acknowledged.size} receipts, ${refused.length} refused in words; ${JSON.stringify(audit)}`
}

/** A refusal must say that the store is down or full. */
function isRefusalInWords({ status, body }: Answer): boolean {
  return [503, 507].includes(status) && /STORE_DOWN|NO_SPACE/.test(body)
}
