import { createHash } from 'node:crypto'
import type { BlobStore, Prefix, Receipt } from './blob-store.ts'
import { StoreError } from './errors.ts'
import { PREFIXES, WAY } from './layout.ts'

export interface CopyOutcome {
  /** Envelopes that were copied now, and their bytes. */
  copied: number
  bytes: number
  /** Envelopes that were there already, from an earlier run. */
  present: number
  /** Envelopes that were there under an earlier prefix, and were moved on. */
  moved: number
  /** Envelopes whose bytes are not those of their name; they are not copied. */
  damaged: Receipt[]
}

export interface CopyOptions {
  from: BlobStore
  to: BlobStore
  onBytes?: (bytes: number) => void
  isStopping?: () => boolean
}

/**
 * Copies every envelope of one store to another, while both are used. Each is hashed on the way,
 * and the target reads it back. What is there already is skipped, so an interrupted run continues
 * where it stopped, and a second run after the intake was drained copies only what came meanwhile.
 * Nothing is removed from the source.
 */
export async function copyStore(options: CopyOptions): Promise<CopyOutcome> {
  const outcome: CopyOutcome = { copied: 0, bytes: 0, present: 0, moved: 0, damaged: [] }
  const there = await listTarget(options.to)
  // In the order in which envelopes move, so that one that moves meanwhile is found under a later
  // prefix.
  for (const prefix of ['incoming', 'sealed', 'collected', 'quarantine'] as const) {
    const receipts: Receipt[] = []
    for await (const { receipt } of options.from.list(prefix)) receipts.push(receipt)
    // The order of digests tells nothing about the order of arrival.
    for (const receipt of receipts.toSorted()) {
      if (options.isStopping?.() === true) return outcome
      await copyOne(options, { prefix, receipt, there: there.get(receipt) ?? null }, outcome)
    }
  }
  return outcome
}

async function listTarget(to: BlobStore): Promise<Map<Receipt, Prefix>> {
  const there = new Map<Receipt, Prefix>()
  for (const prefix of PREFIXES)
    for await (const { receipt } of to.list(prefix)) there.set(receipt, prefix)
  return there
}

async function copyOne(
  options: CopyOptions,
  blob: { prefix: Prefix; receipt: Receipt; there: Prefix | null },
  outcome: CopyOutcome,
): Promise<void> {
  const { prefix, receipt, there } = blob
  if (there === prefix || isFurther(there, prefix)) {
    outcome.present += 1
  } else if (there !== null && isFurther(prefix, there)) {
    await options.to.move(receipt, there, prefix)
    outcome.moved += 1
  } else {
    await copyBytes(options, blob, outcome)
  }
}

/** Whether an envelope passes through `one` after `other`. */
function isFurther(one: Prefix | null, other: Prefix): boolean {
  const [place, before] = [one, other].map((prefix) => WAY.findIndex((step) => step === prefix))
  return place !== undefined && before !== undefined && before !== -1 && place > before
}

async function copyBytes(
  { from, to, onBytes }: CopyOptions,
  { prefix, receipt }: { prefix: Prefix; receipt: Receipt },
  outcome: CopyOutcome,
): Promise<void> {
  const staged = await to.stage()
  const hash = createHash('sha256')
  let bytes = 0
  try {
    for await (const piece of from.read(prefix, receipt)) {
      hash.update(piece)
      bytes += piece.length
      onBytes?.(piece.length)
      await staged.write(piece)
    }
    // In quarantine the digest may be what is wrong: that store checks nothing either.
    if (prefix !== 'quarantine' && hash.digest('hex') !== receipt) {
      outcome.damaged.push(receipt)
      return
    }
    await staged.commit(prefix, receipt)
    outcome.copied += 1
    outcome.bytes += bytes
  } catch (cause) {
    const code = cause instanceof StoreError ? cause.code : null
    // It has moved on, or was deleted, since it was listed.
    if (code === 'NOT_FOUND') return
    if (code !== 'IO_FAILED') throw cause
    outcome.damaged.push(receipt)
  } finally {
    await staged.discard()
  }
}
