import type { IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import { noProofYet, proofHeader } from '../../wire/proof-header.ts'
import { IntakeError, ProofNeededError } from '../errors.ts'
import { type Circuit, Circuits } from './circuit.ts'
import { Connections } from './connections.ts'
import type { FairnessLimits } from './limits.ts'
import { PressureGauge } from './pressure.ts'
import { ProofsOfWork, type ProofsOfWorkOptions, type Redeemed } from './proofs-of-work.ts'
import { envelopeRate, type Rate, requestRate } from './request-limits.ts'
import { type RandomBytes, systemRandomBytes } from './randomness.ts'
import type { Entry, UploadKind } from './slot.ts'
import { UploadSlots } from './upload-slots.ts'

/** Permission to start an envelope. */
export interface Admission {
  entry: Entry
  /** Makes the proof of work valid again. Called if the envelope got no slot. */
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
 * Shares the intake's capacity between circuits. All its data is in memory, under names that mean
 * nothing outside this process, and is forgotten within minutes.
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
  readonly random: RandomBytes

  constructor(
    limits: FairnessLimits,
    {
      nowMs = () => performance.now(),
      random = systemRandomBytes,
      proofs = { nowMs },
    }: { nowMs?: () => number; random?: RandomBytes; proofs?: ProofsOfWorkOptions } = {},
  ) {
    this.limits = limits
    this.random = random
    this.connections = new Connections({ limits, nowMs, random })
    this.pressure = new PressureGauge(nowMs)
    this.#slots = new UploadSlots({ limits, nowMs, isCrowded: () => this.isCrowded })
    this.#proofs = new ProofsOfWork(proofs)
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
    await this.#admit(this.#requests, request.socket)
  }

  /** Counts a request that could not be parsed. @throws IntakeError `TOO_MANY_REQUESTS` */
  async admitConnection(socket: Socket): Promise<void> {
    await this.#admit(this.#requests, socket)
  }

  /**
   * Admits a new envelope. In a crowd, clients that support proofs of work are asked for one and
   * are served before those that do not.
   * @throws IntakeError `TOO_MANY_REQUESTS`, `PROOF_OF_WORK_NEEDED`
   */
  async admitEnvelope(request: IncomingMessage): Promise<Admission> {
    const { isCrowded } = this
    const proof = isCrowded ? await this.#redeem(request.headers[proofHeader]) : null
    try {
      await this.#admit(this.#envelopes, request.socket, proof !== null)
    } catch (cause) {
      proof?.giveBack()
      throw cause
    }
    return {
      entry: proof !== null ? 'proven' : isCrowded ? 'unproven' : 'calm',
      giveBack: () => proof?.giveBack(),
    }
  }

  /** A client without the header does not support proofs of work and is not asked for one. */
  async #redeem(header: string | string[] | undefined): Promise<Redeemed | null> {
    if (header === undefined) return null
    const redeemed = header === noProofYet ? null : await this.#proofs.redeem(String(header))
    if (redeemed === null) throw new ProofNeededError(await this.#proofs.ask())
    return redeemed
  }

  /**
   * @returns a function that releases the slot.
   * @throws IntakeError `TOO_MANY_UPLOADS`, `ABORTED`
   */
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
    return await taking
  }

  async #admit(rate: Rate, socket: Socket, isProven = false): Promise<void> {
    const isAdmitted = await rate.admit(this.circuits.of(socket), isProven)
    this.pressure.note(this.connections.isCrowded || rate.isCrowded)
    if (!isAdmitted) throw new IntakeError('TOO_MANY_REQUESTS', 'more than one circuit may ask')
  }
}
