import type { IncomingMessage } from 'node:http'
import { noProofYet, proofHeader } from '../../wire/proof-header.ts'
import { IntakeError, ProofNeededError } from '../errors.ts'
import { type Circuit, Circuits } from './circuit.ts'
import { Connections } from './connections.ts'
import type { FairnessLimits } from './limits.ts'
import { PressureGauge } from './pressure.ts'
import { ProofsOfWork, type Redeemed } from './proofs-of-work.ts'
import { envelopeRate, type Rate, requestRate } from './request-limits.ts'
import type { Entry, UploadKind } from './slot.ts'
import { UploadSlots } from './upload-slots.ts'

/** How an envelope may come in. */
export interface Admission {
  entry: Entry
  /** It has got no place after all: whoever worked for one keeps the proof. */
  giveBack: () => void
}

/** An upload that asks for a slot. */
export interface Uploading {
  request: IncomingMessage
  kind: UploadKind
  entry: Entry
  receivedBytes: () => number | null
  cut: () => void
  signal: AbortSignal
}

/**
 * Who may have how much of this process. All of it lives in memory, under names that mean
 * nothing outside, and for minutes.
 */
export class Fairness {
  readonly limits: FairnessLimits
  readonly circuits = new Circuits()
  readonly connections: Connections
  readonly pressure: PressureGauge
  readonly #slots: UploadSlots
  readonly #requests: Rate
  readonly #envelopes: Rate
  readonly #proofs: ProofsOfWork

  constructor(limits: FairnessLimits, nowMs: () => number = () => performance.now()) {
    this.limits = limits
    this.connections = new Connections({ limits, nowMs })
    this.pressure = new PressureGauge(nowMs)
    this.#slots = new UploadSlots({ limits, nowMs, isCrowded: () => this.isCrowded })
    this.#proofs = new ProofsOfWork(nowMs)
    this.#requests = requestRate(limits.circuitRequests)
    this.#envelopes = envelopeRate(limits.circuitEnvelopes)
  }

  get isCrowded(): boolean {
    return this.pressure.level === 'crowded'
  }

  circuitOf(request: IncomingMessage): Circuit {
    return this.circuits.of(request.socket)
  }

  /** @throws IntakeError `TOO_MANY_REQUESTS` */
  async admitRequest(request: IncomingMessage): Promise<void> {
    await this.#admit(this.#requests, request)
  }

  /**
   * A new envelope, however it comes. In a crowd whoever can work is asked to, and comes before
   * those who were not.
   * @throws IntakeError `TOO_MANY_REQUESTS`, `PROOF_OF_WORK_NEEDED`
   */
  async admitEnvelope(request: IncomingMessage): Promise<Admission> {
    const { isCrowded } = this
    const proof = isCrowded ? await this.#redeem(request.headers[proofHeader]) : null
    try {
      await this.#admit(this.#envelopes, request, proof !== null)
    } catch (cause) {
      proof?.giveBack()
      throw cause
    }
    return {
      entry: proof !== null ? 'proven' : isCrowded ? 'unproven' : 'calm',
      giveBack: () => proof?.giveBack(),
    }
  }

  /** No header: no client that could work, and none that is asked. */
  async #redeem(header: string | string[] | undefined): Promise<Redeemed | null> {
    if (header === undefined) return null
    const redeemed = header === noProofYet ? null : await this.#proofs.redeem(String(header))
    if (redeemed === null) throw new ProofNeededError(await this.#proofs.ask())
    return redeemed
  }

  /** @returns what gives the slot back. @throws IntakeError `TOO_MANY_UPLOADS`, `ABORTED` */
  async takeSlot({
    request,
    kind,
    entry,
    receivedBytes,
    cut,
    signal,
  }: Uploading): Promise<() => void> {
    const taking = this.#slots.take(
      { circuit: this.circuitOf(request), kind, entry, receivedBytes, cut },
      signal,
    )
    this.pressure.note(this.#slots.isCrowded)
    const release = await taking
    const endUpload = this.connections.beginUpload(request.socket)
    return () => {
      endUpload()
      release()
    }
  }

  async #admit(rate: Rate, request: IncomingMessage, isProven = false): Promise<void> {
    const isAdmitted = await rate.admit(this.circuitOf(request), isProven)
    this.pressure.note(this.connections.isCrowded || rate.isCrowded)
    if (!isAdmitted) throw new IntakeError('TOO_MANY_REQUESTS', 'more than one circuit may ask')
  }
}
