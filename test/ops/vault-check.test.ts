import { createHash } from 'node:crypto'
import { mkdtemp, rm, stat, unlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createLedgerCheck } from '../../src/ledger/follow.ts'
import { createHoldings } from '../../src/ledger/holdings.ts'
import { type Ledger, openLedger } from '../../src/ledger/writer.ts'
import {
  createVaultCheck,
  type VaultCheck,
  type VaultDifferences,
} from '../../src/ops/vault-check.ts'
import { type FsBlobStore, openFsStore } from '../../src/store/fs-store.ts'
import { midnightOf } from '../../src/time/day.ts'

const clock = { now: () => new Date('2026-11-23T12:34:56Z') }
const slice = 10

let dir = ''
let store: FsBlobStore
let ledger: Ledger
let canaries: Set<string>
let look: () => Promise<VaultDifferences | undefined>
let vaultCheck: VaultCheck

const receiptOf = (number: number): string => createHash('sha256').update(`${number}`).digest('hex')
const pathOf = (receipt: string, prefix = 'sealed'): string => join(dir, prefix, `${receipt}.age`)

/** Puts an envelope into the vault, with its line. */
async function add(number: number): Promise<string> {
  const receipt = receiptOf(number)
  await writeFile(pathOf(receipt), 'x')
  await ledger.append('stored', receipt, 1)
  return receipt
}

/** Looks until each envelope was compared twice. */
async function lookAround(): Promise<VaultDifferences | undefined> {
  let found: VaultDifferences | undefined
  for (let count = 0; count < 12; count += 1) found = await look()
  return found
}

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'tumen-vault-'))
  store = await openFsStore({ dir, instance: 'ops-1', reserveBytes: 0, clock })
  const path = join(dir, 'ledger.jsonl')
  ledger = await openLedger({ path, clock, maxSegmentLines: 16 })
  canaries = new Set()
  const withoutCanaries = {
    locate: async (receipt: string) => (canaries.has(receipt) ? null : await store.locate(receipt)),
    list: store.list.bind(store),
  }
  const check = createLedgerCheck(path)
  const holdings = createHoldings(path, check)
  vaultCheck = createVaultCheck({ store, withoutCanaries }, slice)
  look = async () => {
    await check.isWhole()
    const found = await holdings.load()
    return found === null ? undefined : await vaultCheck.look(found)
  }
  for (let number = 0; number < 45; number += 1) await add(number)
})
afterEach(async () => {
  await vaultCheck.close()
  await ledger.close()
  await rm(dir, { recursive: true })
})

describe('createVaultCheck', () => {
  it('finds nothing in a vault that matches the ledger, while envelopes come and go', async () => {
    for (let number = 0; number < 40; number += 1) {
      await add(100 + number)
      const receipt = receiptOf(number)
      await store.move(receipt, 'sealed', 'collected')
      if (number % 3 > 0) await ledger.append('collected', receipt, 1)
      if (number % 3 > 1) {
        await ledger.append('deleted', receipt, 1)
        await store.remove('collected', receipt)
      }
      expect(await look()).toEqual({ missing: 0, unknown: 0 })
    }
    expect(vaultCheck.isLedgerComplete()).toBe(true)
  })

  it('does not count what is between two steps of the worker while it looks', async () => {
    for (let number = 500; number < 520; number += 1) {
      await writeFile(pathOf(receiptOf(number)), 'x')
      expect(await look()).toEqual({ missing: 0, unknown: 0 })
      await ledger.append('stored', receiptOf(number), 1)
    }
  })

  it.each([3, 44])('misses an envelope that was removed, wherever it is (%i)', async (number) => {
    await lookAround()
    await unlink(pathOf(receiptOf(number)))
    expect(await lookAround()).toEqual({ missing: 1, unknown: 0 })
    await writeFile(pathOf(receiptOf(number)), 'x')
    expect(await look()).toEqual({ missing: 0, unknown: 0 })
  })

  it('misses an envelope that was collected, too', async () => {
    const receipt = receiptOf(7)
    await store.move(receipt, 'sealed', 'collected')
    await ledger.append('collected', receipt, 1)
    await unlink(pathOf(receipt, 'collected'))
    expect(await lookAround()).toEqual({ missing: 1, unknown: 0 })
  })

  it('finds an envelope that the ledger does not know, until it does', async () => {
    await writeFile(pathOf(receiptOf(1000)), 'x')
    expect(await lookAround()).toEqual({ missing: 0, unknown: 1 })
    await ledger.append('stored', receiptOf(1000), 1)
    expect(await look()).toEqual({ missing: 0, unknown: 0 })
  })

  it('does not mistake a canary for a tip', async () => {
    canaries.add(receiptOf(1000))
    await writeFile(pathOf(receiptOf(1000)), 'x')
    expect(await lookAround()).toEqual({ missing: 0, unknown: 0 })
  })

  it('says when the ledger is not complete: after its loss, and while it grows fast', async () => {
    await look()
    expect(vaultCheck.isLedgerComplete()).toBe(true)
    for (let number = 200; number < 200 + slice + 1; number += 1) await add(number)
    await look()
    expect(vaultCheck.isLedgerComplete()).toBe(false)
    await look()
    expect(vaultCheck.isLedgerComplete()).toBe(true)
    for (let number = 300; number < 400; number += 1)
      await writeFile(pathOf(receiptOf(number)), 'x')
    let isEverComplete = true
    for (let count = 0; count < 20; count += 1) {
      await look()
      isEverComplete &&= vaultCheck.isLedgerComplete()
    }
    expect(isEverComplete).toBe(false)
  })

  it('leaves no time in the folder, also between two slices', async () => {
    const folder = join(dir, 'sealed')
    for (let count = 0; count < 7; count += 1) {
      await look()
      const { atime, mtime } = await stat(folder)
      expect([atime, mtime]).toEqual([midnightOf(clock.now()), midnightOf(clock.now())])
    }
  })
})
