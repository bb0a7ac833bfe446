import { IntakeError } from '../errors.ts'
import { chooseSlot } from './choose-slot.ts'
import { type Circuit, SHARED } from './circuit.ts'
import type { FairnessLimits } from './limits.ts'
import { Slot, type Upload } from './slot.ts'
import { Standing } from './standing.ts'

/**
 * What comes in one go cannot be cut without harm, so it never has more than this share: the rest
 * stays movable.
 */
const WHOLE_SHARE = 0.5

/** Of all slots, this share is for circuits that have none. */
const NEWCOMERS_SHARE = 0.125

/**
 * In a crowd, so many are for who was asked for no proof of work; more of them have a slot only
 * while nobody with a proof waits.
 */
const UNPROVEN_SHARE = 0.125

/** Each further upload of a circuit that waits stands behind the first ones of others. */
const NEXT_IN_LINE_MS = 3_000

/** Less upload time than this is what everybody has had: it puts nobody behind. */
const WORTH_COUNTING_MS = 5_000

/** On top of its time for one that held a slot and hardly sent. */
const HELD_IN_VAIN_MS = 30_000

/** More than any standing. */
const BEHIND_ALL_PROVEN_MS = 1e12

const LOOK_MS = 500

/** Its circuit has its share; what comes in one go has its half; all slots are taken. */
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
 * How many uploads are received at once, and whose. When all slots are taken, an upload
 * waits a while, those of circuits that had least of late first; and who has had more
 * gives its slot up to them.
 */
export class UploadSlots {
  readonly #limits: SlotParts['limits']
  readonly #nowMs: () => number
  readonly #isInCrowd: () => boolean
  readonly #standing = new Standing()
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
   * @param signal whoever asked has gone, or wants something else
   * @returns what gives the slot back, once, however often it is called
   * @throws IntakeError `TOO_MANY_UPLOADS` when none came free in time, `ABORTED`
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
      this.#standing.add(
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

  /** Once for all that come free in the same turn. */
  #lookSoon(): void {
    if (this.#isLookDue || this.#waiting.size === 0) return
    this.#isLookDue = true
    setImmediate(() => {
      this.#isLookDue = false
      this.#look()
    })
  }

  /**
   * Who may come in comes in; for who may not, somebody else has to go; who has waited too long
   * goes.
   */
  #look(): void {
    const nowMs = this.#nowMs()
    const standings = this.#standings(nowMs)
    const inOrder = this.#inOrder(standings)
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
      standings,
      nowMs,
    )
    if (this.#waiting.size === 0) this.#stopLooking()
  }

  #makeRoom(
    inOrder: readonly Waiting[],
    standings: (circuit: Circuit) => number,
    nowMs: number,
  ): void {
    let leaving = [...this.#slots].filter((slot) => slot.isCut).length
    const hopeless = new Set<string>()
    for (const { upload } of inOrder) {
      // one that has been told to go is on its way out for the first who waits
      if (leaving-- > 0) continue
      const obstacle = this.#obstacle(upload)
      if (obstacle === null) continue
      const queue = obstacle === 'circuit' ? upload.circuit : obstacle
      // where nobody yields to who had least, nobody yields to the rest
      if (hopeless.has(`${queue} ${isUnproven(upload)}`)) continue
      const standingMs = (slot: Slot): number =>
        standings(slot.upload.circuit) +
        (isUnproven(slot.upload) && !isUnproven(upload) ? BEHIND_ALL_PROVEN_MS : 0)
      const look = { nowMs, isCrowd: inOrder.length > this.#limits.maxUploads, standingMs }
      const victim = chooseSlot(
        this.#inTheWayOf(upload, obstacle),
        { standingMs: standings(upload.circuit) },
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

  /** With a proof of work or without, nobody takes from the others what is theirs. */
  #mayYield(held: Upload, newcomer: Upload): boolean {
    if (isUnproven(newcomer)) return isUnproven(held) || this.#unproven < this.#forUnproven
    return !isUnproven(held) || this.#unproven > this.#forUnproven
  }

  /** What keeps it from having a slot now. */
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

  /** What each circuit has had, with what it has now. */
  #standings(nowMs: number): (circuit: Circuit) => number {
    const running = new Map<Circuit, number>()
    for (const {
      upload: { circuit },
      sinceMs,
    } of this.#slots)
      running.set(circuit, (running.get(circuit) ?? 0) + nowMs - sinceMs)
    return (circuit) => this.#standing.of(circuit, nowMs) + (running.get(circuit) ?? 0)
  }

  #inOrder(standings: (circuit: Circuit) => number): Waiting[] {
    const seen = new Map<Circuit, number>()
    const ranked = [...this.#waiting].map((waiting) => {
      const { circuit } = waiting.upload
      const before = seen.get(circuit) ?? 0
      seen.set(circuit, before + 1)
      const standing = standings(circuit)
      const rank = (standing < WORTH_COUNTING_MS ? 0 : standing) + before * NEXT_IN_LINE_MS
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
    this.#standing.forget(this.#nowMs())
  }
}

function isUnproven({ entry }: Upload): boolean {
  return entry === 'unproven'
}

function tooMany(): IntakeError {
  return new IntakeError('TOO_MANY_UPLOADS', 'all upload slots are taken')
}

function aborted(): IntakeError {
  return new IntakeError('ABORTED', 'the request was made to end')
}
