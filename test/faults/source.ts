import { Agent, request, type RequestOptions } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { makeEnvelope, type TestEnvelope } from '../workers/envelopes.ts'
import type { Random } from './random.ts'

export interface Answer {
  status: number
  body: string
}

/** Sends one envelope; rejects when the connection breaks. */
export function sendEnvelope(options: {
  socket: string
  agent: Agent
  bytes: Buffer
}): Promise<Answer> {
  const { socket, agent, bytes } = options
  return call(
    {
      socketPath: socket,
      agent,
      method: 'POST',
      path: '/submissions',
      headers: {
        'content-type': 'application/octet-stream',
        'content-length': bytes.length,
        accept: 'application/json',
      },
    },
    bytes,
  )
}

export function askReceipt(options: {
  socket: string
  agent: Agent
  receipt: string
}): Promise<Answer> {
  return askPath({ ...options, path: `/receipts/${options.receipt}` })
}

export function askPath({
  socket,
  agent,
  path,
}: {
  socket: string
  agent: Agent
  path: string
}): Promise<Answer> {
  return call({ socketPath: socket, agent, method: 'GET', path })
}

function call(options: RequestOptions, body?: Buffer): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const outgoing = request(options, (incoming) => {
      let text = ''
      incoming.setEncoding('utf8')
      incoming.on('data', (piece: string) => void (text += piece))
      incoming.on('error', reject)
      incoming.on('end', () => resolve({ status: incoming.statusCode ?? 0, body: text }))
    })
    outgoing.on('error', reject)
    outgoing.end(body)
  })
}

export interface Load {
  /** Receipts that were given, all of which match the envelopes sent. */
  acknowledged: Set<string>
  /** The receipts of all envelopes that were ever sent, acknowledged or not. */
  sent: Set<string>
  /** How often a connection broke, so that the same envelope was sent again. */
  broken: number
  /** How many envelopes were sent once more although they had a receipt. */
  repeated: number
  /** Answers that were neither a receipt nor a broken connection. */
  refused: Answer[]
  stop: () => Promise<void>
}

/**
 * Starts sources that send one envelope after the other. When a connection breaks, the source sends
 * the same envelope until it has a receipt. Every tenth envelope is sent once more.
 */
export function startLoad(options: { socket: string; clients: number; random: Random }): Load {
  const load: Omit<Load, 'stop'> = {
    acknowledged: new Set(),
    sent: new Set(),
    broken: 0,
    repeated: 0,
    refused: [],
  }
  const agent = new Agent({ keepAlive: true, maxSockets: options.clients })
  let isStopping = false

  const sendUntilTaken = async ({ bytes, receipt }: TestEnvelope): Promise<void> => {
    load.sent.add(receipt)
    while (!isStopping) {
      const answer = await sendEnvelope({ socket: options.socket, agent, bytes }).catch(() => null)
      if (answer === null) {
        load.broken += 1
        await sleep(50)
      } else {
        note(answer, receipt)
        return
      }
    }
  }
  const note = (answer: Answer, receipt: string): void => {
    if (answer.status !== 201 || JSON.parse(answer.body).receipt !== receipt)
      load.refused.push(answer)
    else load.acknowledged.add(receipt)
  }
  const runClient = async (): Promise<void> => {
    while (!isStopping) {
      const envelope = makeEnvelope(options.random.between(0, 3000))
      await sendUntilTaken(envelope)
      if (options.random.below(10) === 0) {
        load.repeated += 1
        await sendUntilTaken(envelope)
      }
    }
  }
  const clients = Array.from({ length: options.clients }, runClient)
  return Object.assign(load, {
    async stop() {
      isStopping = true
      await Promise.all(clients)
      agent.destroy()
    },
  })
}
