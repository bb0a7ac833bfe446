import { IntakeError } from '../errors.ts'
import { chooseSlot } from './choose-slot.ts'
import { type Circuit, SHARED } from './circuit.ts'
import type { FairnessLimits } from './limits.ts'
import { Slot, type Upload } from './slot.ts'
import { RecentUse } from './recent-use.ts'

/**
 * Maximum share of slots for whole uploads. They cannot be interrupted without harm, so the rest
 * stays available for resumable ones, which can.
 */
const WHOLE_SHARE = 0.5

/** Share of slots reserved for circuits that have none. */
const NEWCOMERS_SHARE = 0.125

/**
 * Share of slots reserved for clients without a proof of work in a crowd. They may exceed it only
 * while no client with a proof is waiting.
 */
const UNPROVEN_SHARE = 0.125

/**
 * Each further waiting upload of the same circuit is ranked as if the circuit had used this much
 * more time.
 */
const NEXT_IN_LINE_MS = 3_000

/** Less used upload time than this is normal for everybody and does not lower a circuit's rank. */
const WORTH_COUNTING_MS = 5_000

/** Added to the used time of a circuit whose upload held a slot but sent hardly anything. */
const HELD_IN_VAIN_MS = 30_000

/**
 * Larger than any used time, so that uploads without a proof of work rank after all those with one.
 */
const BEHIND_ALL_PROVEN_MS = 1e12

const LOOK_MS = 500

/**
 * Why an upload cannot have a slot. `circuit`: its circuit has used up its share; `whole`: the
 * share of whole uploads is used up; `all`: all slots are taken.
 */
type Obstacle = 'circuit' | 'whole' | 'all'

interface Waiting {
  upload: Upload
  sinceMs: number
  admit: (release: () => void) => void
  refuse: (error: IntakeError) => void
}

interface SlotParts {
  limits: Pick<FairnessLimits, 'maxUploads' | 'circuitUploads' | 'waitMs'>
  nowMs: () => number
  /** Whether proofs of work are asked for. */
  isCrowded: () => boolean
}

/**
 * Limits how many uploads are received at once, and by which circuits. When all slots are taken, an
 * upload waits; circuits that have used least upload time lately are served first, and circuits
 * that have used more give up slots to them.
 */
export class UploadSlots {
  readonly #limits: SlotParts['limits']
  readonly #nowMs: () => number
  readonly #isInCrowd: () => boolean
  readonly #recentUse = new RecentUse()
  readonly #slots = new Set<Slot>()
  readonly #waiting = new Set<Waiting>()
  readonly #held = new Map<Circuit, number>()
  #wholes = 0
  #unproven = 0
  #looking: NodeJS.Timeout | null = null
  #isLookDue = false

  constructor({ limits, nowMs, isCrowded }: SlotParts) {
    this.#limits = limits
    this.#nowMs = nowMs
    this.#isInCrowd = isCrowded
  }

  get taken(): number {
    return this.#slots.size
  }

  get isCrowded(): boolean {
    return this.#waiting.size > 0
  }

  /**
   * Waits for a slot.
   * @param signal fires when the client has gone or no longer wants the slot
   * @returns a function that releases the slot; further calls have no effect
   * @throws IntakeError `TOO_MANY_UPLOADS` if no slot became free in time, `ABORTED`
   */
  async take(upload: Upload, signal: AbortSignal): Promise<() => void> {
    if (signal.aborted) throw aborted()
    if (this.#waiting.size === 0 && this.#obstacle(upload) === null) return this.#admit(upload)
    return await new Promise((resolve, reject) => {
      const waiting: Waiting = { upload, sinceMs: this.#nowMs(), admit: resolve, refuse: reject }
      this.#waiting.add(waiting)
      signal.addEventListener('abort', () => this.#refuse(waiting, aborted()), { once: true })
      this.#look()
      this.#looking ??= setInterval(() => this.#look(), Math.min(LOOK_MS, this.#limits.waitMs))
    })
  }

  #admit(upload: Upload): () => void {
    const slot = new Slot(upload, this.#nowMs())
    this.#slots.add(slot)
    this.#count(upload, 1)
    return () => {
      if (!this.#slots.delete(slot)) return
      this.#count(upload, -1)
      const nowMs = this.#nowMs()
      this.#recentUse.add(
        upload.circuit,
        nowMs - slot.sinceMs + (slot.wasSlow ? HELD_IN_VAIN_MS : 0),
        nowMs,
      )
      this.#lookSoon()
    }
  }

  #count({ circuit, kind, entry }: Upload, change: 1 | -1): void {
    const held = (this.#held.get(circuit) ?? 0) + change
    if (held === 0) this.#held.delete(circuit)
    else this.#held.set(circuit, held)
    if (kind === 'whole') this.#wholes += change
    if (entry === 'unproven') this.#unproven += change
  }

  /** Looks once for all slots that become free in the same turn of the event loop. */
  #lookSoon(): void {
    if (this.#isLookDue || this.#waiting.size === 0) return
    this.#isLookDue = true
    setImmediate(() => {
      this.#isLookDue = false
      this.#look()
    })
  }

  /**
   * Admits every waiting upload that fits, refuses those that have waited too long, and cuts
   * uploads to make room for the rest.
   */
  #look(): void {
    const nowMs = this.#nowMs()
    const recentUse = this.#recentUseNow(nowMs)
    const inOrder = this.#inOrder(recentUse)
    for (const waiting of inOrder) {
      if (this.#obstacle(waiting.upload) !== null) continue
      this.#waiting.delete(waiting)
      waiting.admit(this.#admit(waiting.upload))
    }
    for (const waiting of this.#waiting) {
      if (nowMs - waiting.sinceMs >= this.#limits.waitMs) this.#refuse(waiting, tooMany())
    }
    this.#makeRoom(
      inOrder.filter((waiting) => this.#waiting.has(waiting)),
      recentUse,
      nowMs,
    )
    if (this.#waiting.size === 0) this.#stopLooking()
  }

  #makeRoom(
    inOrder: readonly Waiting[],
    recentUse: (circuit: Circuit) => number,
    nowMs: number,
  ): void {
    let leaving = [...this.#slots].filter((slot) => slot.isCut).length
    const hopeless = new Set<string>()
    for (const { upload } of inOrder) {
      // each slot that was already cut will go to one of the first waiting uploads
      if (leaving-- > 0) continue
      const obstacle = this.#obstacle(upload)
      if (obstacle === null) continue
      const queue = obstacle === 'circuit' ? upload.circuit : obstacle
      // if no slot yields to the first upload of this queue, none yields to the others
      if (hopeless.has(`${queue} ${isUnproven(upload)}`)) continue
      const recentUseMs = (slot: Slot): number =>
        recentUse(slot.upload.circuit) +
        (isUnproven(slot.upload) && !isUnproven(upload) ? BEHIND_ALL_PROVEN_MS : 0)
      const look = { nowMs, isCrowd: inOrder.length > this.#limits.maxUploads, recentUseMs }
      const victim = chooseSlot(
        this.#inTheWayOf(upload, obstacle),
        { recentUseMs: recentUse(upload.circuit) },
        look,
      )
      if (victim === null) hopeless.add(`${queue} ${isUnproven(upload)}`)
      else victim.cut()
    }
  }

  #inTheWayOf(upload: Upload, obstacle: Obstacle): Slot[] {
    return [...this.#slots].filter((slot) => {
      if (!this.#mayYield(slot.upload, upload)) return false
      if (obstacle === 'circuit') return slot.upload.circuit === upload.circuit
      return obstacle === 'all' || slot.upload.kind === 'whole'
    })
  }

  /**
   * Whether `held` may be cut for `newcomer`. Clients with and without a proof of work do not take
   * slots from each other's reserved share.
   */
  #mayYield(held: Upload, newcomer: Upload): boolean {
    if (isUnproven(newcomer)) return isUnproven(held) || this.#unproven < this.#forUnproven
    return !isUnproven(held) || this.#unproven > this.#forUnproven
  }

  /** Why the upload cannot have a slot now; null if it can. */
  #obstacle({ circuit, kind, entry }: Upload): Obstacle | null {
    const { maxUploads, circuitUploads } = this.#limits
    const keptForUnproven =
      entry === 'unproven' || !this.#isInCrowd()
        ? 0
        : Math.max(0, this.#forUnproven - this.#unproven)
    const own = this.#held.get(circuit) ?? 0
    if (circuit !== SHARED && own >= circuitUploads) return 'circuit'
    if (
      kind === 'whole' &&
      this.#wholes >= Math.max(1, Math.ceil(maxUploads * WHOLE_SHARE) - keptForUnproven)
    )
      return 'whole'
    const kept = own === 0 || circuit === SHARED ? 0 : Math.floor(maxUploads * NEWCOMERS_SHARE)
    return this.#slots.size >= maxUploads - kept - keptForUnproven ? 'all' : null
  }

  get #forUnproven(): number {
    const { maxUploads } = this.#limits
    return Math.min(maxUploads - 1, Math.ceil(maxUploads * UNPROVEN_SHARE))
  }

  /** The upload time that each circuit has used, including that of its running uploads. */
  #recentUseNow(nowMs: number): (circuit: Circuit) => number {
    const running = new Map<Circuit, number>()
    for (const {
      upload: { circuit },
      sinceMs,
    } of this.#slots)
      running.set(circuit, (running.get(circuit) ?? 0) + nowMs - sinceMs)
    return (circuit) => this.#recentUse.of(circuit, nowMs) + (running.get(circuit) ?? 0)
  }

  #inOrder(recentUse: (circuit: Circuit) => number): Waiting[] {
    const seen = new Map<Circuit, number>()
    const ranked = [...this.#waiting].map((waiting) => {
      const { circuit } = waiting.upload
      const before = seen.get(circuit) ?? 0
      seen.set(circuit, before + 1)
      const recentUseMs = recentUse(circuit)
      const rank = (recentUseMs < WORTH_COUNTING_MS ? 0 : recentUseMs) + before * NEXT_IN_LINE_MS
      return { waiting, rank: rank + (isUnproven(waiting.upload) ? BEHIND_ALL_PROVEN_MS : 0) }
    })
    return ranked.toSorted((one, other) => one.rank - other.rank).map(({ waiting }) => waiting)
  }

  #refuse(waiting: Waiting, error: IntakeError): void {
    if (this.#waiting.delete(waiting)) waiting.refuse(error)
  }

  #stopLooking(): void {
    if (this.#looking !== null) clearInterval(this.#looking)
    this.#looking = null
    this.#recentUse.forget(this.#nowMs())
  }
}

function isUnproven({ entry }: Upload): boolean {
  return entry === 'unproven'
}

function tooMany(): IntakeError {
  return new IntakeError('TOO_MANY_UPLOADS', 'all upload slots are taken')
}

function aborted(): IntakeError {
  return new IntakeError('ABORTED', 'the request was ended')
}
