/**
 * The load model of docs/scaling.md. The requests of one tip were counted in the code, its commands
 * of Redis by `bench/load-model.ts`. Those of an idle machine are measured before the tips are sent.
 */
export const kindsOfRequest = ['HEAD', 'GET', 'PUT', 'COPY', 'DELETE', 'LIST'] as const

export const perTip = {
  /** The intake looks whether it has the envelope, sends it, reads it back, and looks further. */
  intake: { HEAD: 3, PUT: 1, GET: 1 },
  /** The worker reads it and looks whether it is still there. */
  worker: { HEAD: 1, GET: 1 },
  /**
   * Measured with `INFO commandstats` while tips arrive one after the other; most of the commands
   * run inside BullMQ's scripts.
   */
  redisCommands: 63,
  ledgerBytes: 214,
} as const

/**
 * A worker stores several tips at once, and one listing of the canaries' notes serves all that
 * wait.
 */
const listsPerTip = 0.9

export interface Load {
  tips: number
  seconds: number
  /** Requests and commands a second without any tip. */
  idle: Readonly<Record<string, number>>
  idleCommands: number
  envelopeBytes: number
}

export interface Prediction {
  requests: Record<string, number>
  bytesOut: number
  commands: number
  ledgerBytes: number
}

export function simulate({ tips, seconds, idle, idleCommands, envelopeBytes }: Load): Prediction {
  const ofTip: Readonly<Record<string, number>> = {
    HEAD: perTip.intake.HEAD + perTip.worker.HEAD,
    GET: perTip.intake.GET + perTip.worker.GET,
    PUT: perTip.intake.PUT,
    LIST: listsPerTip,
  }
  const requests = Object.fromEntries(
    kindsOfRequest.map((kind) => [kind, (ofTip[kind] ?? 0) * tips + (idle[kind] ?? 0) * seconds]),
  )
  return {
    requests,
    bytesOut: (ofTip['GET'] ?? 0) * tips * envelopeBytes,
    commands: perTip.redisCommands * tips + idleCommands * seconds,
    ledgerBytes: perTip.ledgerBytes * tips,
  }
}
