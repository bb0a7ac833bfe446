import type { IncomingMessage } from 'node:http'
import { IntakeError } from '../errors.ts'
import { type Circuit, Circuits } from './circuit.ts'
import { Connections } from './connections.ts'
import type { FairnessLimits } from './limits.ts'
import { PressureGauge } from './pressure.ts'
import { envelopeRate, type Rate, requestRate } from './request-limits.ts'
import type { UploadKind } from './slot.ts'
import { UploadSlots } from './upload-slots.ts'

/** An upload that asks for a slot. */
export interface Uploading {
  request: IncomingMessage
  kind: UploadKind
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

  constructor(limits: FairnessLimits, nowMs: () => number = () => performance.now()) {
    this.limits = limits
    this.connections = new Connections({ limits, nowMs })
    this.pressure = new PressureGauge(nowMs)
    this.#slots = new UploadSlots({ limits, nowMs })
    this.#requests = requestRate(limits.circuitRequests)
    this.#envelopes = envelopeRate(limits.circuitEnvelopes)
  }

  circuitOf(request: IncomingMessage): Circuit {
    return this.circuits.of(request.socket)
  }

  /** @throws IntakeError `TOO_MANY_REQUESTS` */
  async admitRequest(request: IncomingMessage): Promise<void> {
    await this.#admit(this.#requests, request)
  }

  /** A new envelope, however it comes. @throws IntakeError `TOO_MANY_REQUESTS` */
  async admitEnvelope(request: IncomingMessage): Promise<void> {
    await this.#admit(this.#envelopes, request)
  }

  /** @returns what gives the slot back. @throws IntakeError `TOO_MANY_UPLOADS`, `ABORTED` */
  async takeSlot({ request, kind, receivedBytes, cut, signal }: Uploading): Promise<() => void> {
    const taking = this.#slots.take({ circuit: this.circuitOf(request), kind, receivedBytes, cut }, signal)
    this.pressure.note(this.#slots.isCrowded)
    const release = await taking
    const endUpload = this.connections.beginUpload(request.socket)
    return () => {
      endUpload()
      release()
    }
  }

  async #admit(rate: Rate, request: IncomingMessage): Promise<void> {
    const isAdmitted = await rate.admit(this.circuitOf(request))
    this.pressure.note(this.connections.isCrowded || rate.isCrowded)
    if (!isAdmitted) throw new IntakeError('TOO_MANY_REQUESTS', 'more than one circuit may ask')
  }
}
