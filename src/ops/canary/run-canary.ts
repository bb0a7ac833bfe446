import { randomInt } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { unwrapWith } from '../../age/file.ts'
import type { Identity } from '../../age/keys.ts'
import type { Primitives } from '../../age/primitives.ts'
import type { CanaryNotes } from '../../canary/notes.ts'
import { opensToCanary } from '../../canary/proof.ts'
import { ExchangeError } from '../../net/http-exchange.ts'
import type { BlobStore } from '../../store/blob-store.ts'
import { dayOfInstant } from '../../time/day.ts'
import { pathBelow, receiptsPath } from '../../wire/names.ts'
import type { Clock } from '../../time/clock.ts'
import { CanaryError } from './errors.ts'
import { fetchKeyring } from './fetch-keyring.ts'
import type { PublicWay } from './public-way.ts'
import type { SealedCanary } from './seal-canary.ts'
import { sealCanary } from './seal-canary.ts'
import type { SendingMethod } from './send-canary.ts'
import { sendCanary } from './send-canary.ts'

export interface CanaryParts {
  primitives: Primitives
  identity: Identity
  notes: CanaryNotes
  store: Pick<BlobStore, 'read'>
  keysDir: string
  clock: Clock
  newVisitor: () => PublicWay
  /** How long to wait for a canary that got a receipt. */
  patienceMs: number
  /** The sending method of the next canary; chosen at random by default. */
  method?: () => SendingMethod
  /** For tests: called between any two steps. */
  onStep?: (step: CanaryStep) => Promise<void> | void
}

export type CanaryStep = 'sealed' | 'noted' | 'sent' | 'stored' | 'opened' | 'finished'

const firstLookMs = 100
const maxLookMs = 5_000

/**
 * Runs one canary: seals it, writes its note, sends it, waits until it is stored, opens it, and
 * lets the worker remove it.
 *
 * @throws CanaryError.
 */
export async function runCanary(parts: CanaryParts, signal: AbortSignal): Promise<void> {
  const step = async (name: CanaryStep): Promise<void> => await parts.onStep?.(name)
  const way = parts.newVisitor()
  const { canary, fingerprint } = await seal(parts, way)
  await step('sealed')
  await parts.notes.write(canary.receipt, canary.note)
  await step('noted')
  await sendNoted(parts, way, canary, fingerprint)
  try {
    await step('sent')
    await untilStored(parts, way, canary, signal)
    await step('stored')
    await openFromVault(parts, canary)
    await step('opened')
  } finally {
    await parts.notes.finish(canary.receipt)
  }
  await step('finished')
}

async function seal(
  parts: CanaryParts,
  way: PublicWay,
): Promise<{ canary: SealedCanary; fingerprint: string }> {
  const day = dayOfInstant(parts.clock.now())
  const { fingerprint, recipients } = await fetchKeyring(way, {
    keysDir: parts.keysDir,
    day,
  }).catch((cause: unknown) => {
    if (cause instanceof CanaryError) throw cause
    throw new CanaryError(
      cause instanceof ExchangeError ? 'UNSENT' : 'REFUSED',
      'the intake gave no keyring that can be sealed to',
      cause,
    )
  })
  return { canary: await sealCanary({ ...parts, recipients, day }), fingerprint }
}

async function sendNoted(
  parts: CanaryParts,
  way: PublicWay,
  canary: SealedCanary,
  keyring: string,
): Promise<void> {
  const method = parts.method?.() ?? (randomInt(2) === 0 ? 'post' : 'tus')
  try {
    await sendCanary(way, canary, { method, keyring })
  } catch (error) {
    // The intake finishes a complete resumable upload once there is space, even if it was refused
    // before.
    const neverArrives =
      error instanceof CanaryError &&
      (error.code === 'UNSENT' ||
        (method === 'post' && (error.code === 'REFUSED' || error.code === 'NOT_NOW')))
    await (neverArrives ? parts.notes.forget(canary.receipt) : parts.notes.finish(canary.receipt))
    throw error
  }
}

/** Polls the receipt as a source would. */
async function untilStored(
  { patienceMs }: CanaryParts,
  way: PublicWay,
  { receipt }: SealedCanary,
  signal: AbortSignal,
): Promise<void> {
  const giveUpAt = performance.now() + patienceMs
  for (let waitMs = firstLookMs; ; waitMs = Math.min(waitMs * 2, maxLookMs)) {
    if (await isStored(way, receipt)) return
    if (performance.now() + waitMs > giveUpAt)
      throw new CanaryError('LOST', 'it did not reach the vault in time')
    await sleep(waitMs, undefined, { signal }).catch((cause: unknown) => {
      throw new CanaryError('STOPPED', 'the process stops', cause)
    })
  }
}

async function isStored(way: PublicWay, receipt: string): Promise<boolean> {
  // A broken circuit says nothing about the vault, so the question is repeated.
  const answer = await way({
    method: 'GET',
    path: pathBelow(receiptsPath, receipt),
    headers: { accept: 'application/json' },
  }).catch(() => null)
  return (
    answer?.status === 200 && Buffer.from(answer.body).toString().trim() === '{"state":"stored"}'
  )
}

async function openFromVault(
  { primitives, identity, store }: CanaryParts,
  { receipt, note }: SealedCanary,
): Promise<void> {
  const unwrap = unwrapWith(primitives, [identity])
  const envelope = store.read('sealed', receipt)
  const isWhole = await opensToCanary(primitives, { unwrap, token: note.token, envelope }).catch(
    (cause: unknown) => {
      throw new CanaryError('UNOPENED', 'it cannot be read in the vault', cause)
    },
  )
  if (!isWhole) throw new CanaryError('UNOPENED', 'what lies in the vault does not open to it')
}
