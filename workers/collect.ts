import type { BlobStore } from '../src/store/blob-store.ts'
import { CollectError } from './collect-error.ts'
import type { Inbox } from './inbox.ts'
import type { Ledger } from '../src/ledger/writer.ts'

/** Moves in progress at the same time, so that they share the directory fsyncs. */
const concurrency = 16

export interface CollectOptions {
  store: BlobStore
  ledger: Ledger
  inbox: Inbox
  /**
   * @throws CollectError `REFUSED` (bad signature or format: the file is put aside), `NOT_YET` (the
   *   file waits) or `KEYRING_UNAVAILABLE` (all files wait). After any other error the file also
   *   stays.
   */
  verify: (bytes: Uint8Array, signature: Uint8Array) => Promise<{ receipts: readonly string[] }>
  /** Whether another machine's worker may have stored an envelope, in its own ledger. */
  isShared?: boolean
  isStopping?: () => boolean
}

export interface CollectResult {
  files: number
  refused: number
  collected: number
  /** Number of acknowledged receipts that this server never stored; they are ignored. */
  unknown: number
}

/**
 * Applies the acknowledgements that came back from the desk: each envelope moves from the vault to
 * `collected`, and then its ledger line is written. The file is removed only when all of this is
 * done, and repeating it changes nothing, so a crash needs no clean-up.
 *
 * @throws StoreError or LedgerError if the disk fails; CollectError `KEYRING_UNAVAILABLE`. The file
 *   stays for the next run.
 */
export async function collectAcknowledged(options: CollectOptions): Promise<CollectResult> {
  const result: CollectResult = { files: 0, refused: 0, collected: 0, unknown: 0 }
  for (const name of await options.inbox.names()) {
    if (options.isStopping?.()) break
    const receipts = await readReceipts(options, name)
    if (receipts === 'refused') result.refused += 1
    if (typeof receipts === 'string' || !(await applyReceipts(options, receipts, result))) continue
    await options.inbox.remove(name)
    result.files += 1
  }
  return result
}

async function readReceipts(
  { inbox, verify }: CollectOptions,
  name: string,
): Promise<readonly string[] | 'refused' | 'not yet'> {
  try {
    const found = await inbox.read(name)
    return found === null ? 'not yet' : (await verify(found.bytes, found.signature)).receipts
  } catch (error) {
    if (error instanceof CollectError && error.code === 'NOT_YET') return 'not yet'
    if (!(error instanceof CollectError) || error.code !== 'REFUSED') throw error
    await inbox.refuse(name)
    return 'refused'
  }
}

/**
 * False if something is left to do: the run was stopped half-way, or an envelope has not reached
 * the vault yet.
 */
async function applyReceipts(
  options: CollectOptions,
  receipts: readonly string[],
  result: CollectResult,
): Promise<boolean> {
  const pending = new Set(receipts).values()
  let isWhole = true
  const work = async (): Promise<void> => {
    for (const receipt of pending) {
      if (options.isStopping?.()) return
      const outcome = await collectOne(options, receipt)
      if (outcome === 'collected' || outcome === 'unknown') result[outcome] += 1
      if (outcome === 'not yet') isWhole = false
    }
  }
  await settleAll(Array.from({ length: concurrency }, work))
  return isWhole && !options.isStopping?.()
}

async function collectOne(
  { store, ledger, isShared }: CollectOptions,
  receipt: string,
): Promise<'collected' | 'unknown' | 'repeated' | 'not yet'> {
  if (isShared === true && ledger.lastOf(receipt) === null) {
    const place = await store.locate(receipt)
    // Another machine has applied this acknowledgement, and has the lines.
    if (place === 'collected') return 'repeated'
    if (place === 'sealed') await adopt({ store, ledger }, receipt)
  }
  const last = ledger.lastOf(receipt)
  if (last === null) return (await isHeld(store, receipt)) ? 'not yet' : 'unknown'
  if (last.event !== 'stored') return 'repeated'
  if ((await store.move(receipt, 'sealed', 'collected')) === 'missing') return 'unknown'
  return (await ledger.append('collected', receipt, last.bytes)) ? 'collected' : 'repeated'
}

/**
 * Enters an envelope that another machine's worker has stored. The ledgers of all machines are
 * merged by receipt, so a line that two of them have counts once.
 */
async function adopt(
  { store, ledger }: Pick<CollectOptions, 'store' | 'ledger'>,
  receipt: string,
): Promise<void> {
  let bytes = 0
  for await (const piece of store.read('sealed', receipt)) bytes += piece.length
  await ledger.append('stored', receipt, bytes)
}

async function isHeld(store: BlobStore, receipt: string): Promise<boolean> {
  return (await store.locate(receipt)) !== null
}

/** Like `Promise.all`, but nothing is still running when it rejects. */
async function settleAll(works: readonly Promise<void>[]): Promise<void> {
  const failed = (await Promise.allSettled(works)).find((result) => result.status === 'rejected')
  if (failed !== undefined) throw failed.reason
}
