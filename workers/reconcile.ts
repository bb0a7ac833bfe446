import type { CanaryProof } from '../src/canary/proof.ts'
import type { BlobStore } from '../src/store/blob-store.ts'
import type { Ledger } from '../src/ledger/writer.ts'

/**
 * Writes the lines that a crash, a full disk or a lost ledger has left out: every
 * change is made to the blob first and to the ledger second, so the folders tell
 * what is missing. Must not run beside `collect` or `retention`, whose moves it
 * could see by half; beside storing it may.
 *
 * @returns how many lines were missing.
 */
export async function reconcile(options: {
  store: BlobStore
  ledger: Ledger
  canaries?: Pick<CanaryProof, 'isCanary'>
}): Promise<number> {
  const { store, ledger, canaries } = options
  let missing = 0
  const append = async (...line: Parameters<Ledger['append']>): Promise<void> => {
    if (await ledger.append(...line)) missing += 1
  }
  for await (const { receipt, bytes } of store.list('quarantine'))
    await append('quarantined', receipt, bytes)
  for await (const { receipt, bytes } of store.list('sealed')) {
    if (ledger.lastOf(receipt) === null && (await canaries?.isCanary('sealed', receipt))) continue
    await append('stored', receipt, bytes)
  }
  for await (const { receipt, bytes } of store.list('collected')) {
    // Deleting writes the line first: this blob is one that still has to go.
    if (ledger.lastOf(receipt)?.event === 'deleted') continue
    await append('stored', receipt, bytes)
    await append('collected', receipt, bytes)
  }
  // A failed append inside has thrown, so nothing is behind that was before.
  ledger.settle()
  return missing
}
