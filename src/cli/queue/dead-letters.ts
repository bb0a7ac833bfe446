import type { Settings } from '../../../config/settings.ts'
import type { BlobEntry, BlobStore, Prefix } from '../../store/blob-store.ts'
import { PREFIXES } from '../../store/layout.ts'
import { openReasons, type Reasons } from '../../store/reasons.ts'
import type { CliContext } from '../frame/context.ts'
import { failure, usageError } from '../frame/errors.ts'
import { openVault } from '../server/vault.ts'

/**
 * The number of a receipt's 64 hex digits that are shown: enough to tell dead letters apart, too
 * few to query the server with.
 */
const shortDigits = 12
const minDigits = 8

export interface DeadLetters {
  store: BlobStore
  reasons: Reasons
  /** Sorted by receipt, so that the order reveals nothing. */
  entries: readonly BlobEntry[]
}

/** The dead letters of this machine. Works without Redis and the worker. */
export async function openDeadLetters(
  context: CliContext,
  settings: Settings,
): Promise<DeadLetters> {
  const store = await openVault(context, settings)
  const entries: BlobEntry[] = []
  for await (const entry of store.list('quarantine')) entries.push(entry)
  entries.sort((one, other) => (one.receipt < other.receipt ? -1 : 1))
  return { store, reasons: openReasons({ dir: settings.dataDir, clock: context.clock }), entries }
}

export function shortOf(receipt: string): string {
  return receipt.slice(0, shortDigits)
}

/** Reads an id that a person typed: the first digits of a receipt. @throws CliError `USAGE`. */
export function readId(typed: string): string {
  const id = typed.toLowerCase()
  if (!/^[0-9a-f]{8,64}$/.test(id))
    throw usageError(
      `an id is the first ${minDigits} or more hex digits of a receipt, as "tumen queue inspect" shows it`,
    )
  return id
}

/**
 * The only dead letter whose receipt starts with `id`, or null. @throws CliError `FAILED` if there
 * are several.
 */
export function findDead(entries: readonly BlobEntry[], id: string): BlobEntry | null {
  const found = entries.filter(({ receipt }) => receipt.startsWith(id))
  if (found.length > 1)
    throw failure(`${id} is the beginning of ${found.length} dead letters: give more digits`)
  return found[0] ?? null
}

/**
 * The place outside of quarantine of a blob whose receipt starts with the id: a dead letter that
 * was retried before.
 */
export async function findElsewhere(
  store: BlobStore,
  id: string,
): Promise<Exclude<Prefix, 'quarantine'> | null> {
  for (const prefix of PREFIXES) {
    if (prefix === 'quarantine') continue
    for await (const { receipt } of store.list(prefix)) if (receipt.startsWith(id)) return prefix
  }
  return null
}

export function noSuchDeadLetter(id: string): Error {
  return failure(`there is no dead letter ${id}: "tumen queue inspect" shows those there are`)
}
