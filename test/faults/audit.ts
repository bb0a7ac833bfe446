import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { verifyLedger } from '../../src/ledger/read.ts'
import { sha256 } from '../workers/envelopes.ts'
import { readLines } from '../workers/workplace.ts'

export interface Audit {
  /** Envelopes that were acknowledged but are not in the vault. */
  lost: number
  /**
   * Extra copies of envelopes: repeated ledger lines, and files that are in both vault and spool.
   */
  twice: number
  /** Files whose bytes do not match their name. */
  damaged: number
  /** Receipts that are in the vault or in the ledger, but not in both. */
  unlisted: number
  sealed: number
  incoming: number
  quarantined: number
  ledgerIsWhole: boolean
}

/** Compares the contents of a data folder with the receipts that were given. */
export async function auditVault(
  dataDir: string,
  acknowledged: ReadonlySet<string>,
): Promise<Audit> {
  const sealed = await receiptsIn(dataDir, 'sealed')
  const incoming = await receiptsIn(dataDir, 'incoming')
  const ledgerPath = join(dataDir, 'ledger.jsonl')
  const stored = (await readLines(ledgerPath))
    .filter((line) => line.event === 'stored')
    .map((line) => line.receipt)
  const inVault = new Set(sealed)
  const inLedger = new Set(stored)
  return {
    lost: [...acknowledged].filter((receipt) => !inVault.has(receipt)).length,
    twice:
      stored.length - inLedger.size + incoming.filter((receipt) => inVault.has(receipt)).length,
    damaged:
      (await countDamaged(dataDir, 'sealed', sealed)) +
      (await countDamaged(dataDir, 'incoming', incoming)),
    unlisted:
      sealed.filter((receipt) => !inLedger.has(receipt)).length +
      stored.filter((receipt) => !inVault.has(receipt)).length,
    sealed: sealed.length,
    incoming: incoming.length,
    quarantined: (await receiptsIn(dataDir, 'quarantine')).length,
    ledgerIsWhole: (await verifyLedger(ledgerPath)).ok,
  }
}

/** The receipts of the envelopes in a folder. Any other file is returned by its name. */
export async function receiptsIn(dataDir: string, folder: string): Promise<string[]> {
  const names = await readdir(join(dataDir, folder))
  return names.map((name) => (/^[0-9a-f]{64}\.age$/.test(name) ? name.slice(0, 64) : name))
}

/**
 * Counts files whose bytes do not match their name. A file that has been moved since it was listed
 * is not damaged.
 */
export async function countDamaged(
  dataDir: string,
  folder: string,
  receipts: readonly string[],
): Promise<number> {
  let damaged = 0
  for (const receipt of receipts) {
    const bytes = await readFile(join(dataDir, folder, `${receipt}.age`)).catch(() => null)
    if (bytes !== null && sha256(bytes) !== receipt) damaged += 1
  }
  return damaged
}
