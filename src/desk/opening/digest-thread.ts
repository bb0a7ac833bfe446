import { Worker } from 'node:worker_threads'
import type { FromDigestWorker, ToDigestWorker } from './digest-worker.ts'
import type { Digest, StartDigest } from './digests.ts'

export interface DigestThread {
  start: StartDigest
  close: () => Promise<void>
}

/** Handing over a range costs as much as the digest of a tenth of it. */
const rangeBytes = 1024 * 1024

interface Waiting {
  resolve: (digest: string) => void
  reject: (error: Error) => void
}

/**
 * Computes digests in a thread of its own. It reads each file back from where it is written, so no
 * byte is handed over, and the digest is that of what the casebook keeps.
 */
export function startDigestThread(): DigestThread {
  const waiting = new Map<number, Waiting>()
  let lastId = 0
  let death: Error | null = null
  const thread = new Worker(new URL('./digest-worker.ts', import.meta.url), {
    resourceLimits: { maxYoungGenerationSizeMb: 2 },
  })
  thread.on('message', (message: FromDigestWorker) => {
    const { resolve, reject } = waiting.get(message.id) as Waiting
    waiting.delete(message.id)
    if ('digest' in message) resolve(message.digest)
    else reject(new Error(`the casebook cannot be read back: ${message.failure}`))
  })
  thread.on('error', (error: Error) => {
    death = error
    for (const { reject } of waiting.values()) reject(error)
    waiting.clear()
  })

  const send = (message: ToDigestWorker) => thread.postMessage(message)
  const askFor = (id: number): Promise<string> =>
    new Promise((resolve, reject) => {
      if (death !== null) return reject(death)
      waiting.set(id, { resolve, reject })
      send({ id, type: 'end' })
    })

  return {
    start(fd): Digest {
      const id = (lastId += 1)
      let position = 0
      let length = 0
      let digest: Promise<string> | null = null
      const sendRange = () => {
        if (length > 0) send({ id, type: 'range', fd, position, length })
        position += length
        length = 0
      }
      return {
        update(bytes) {
          length += bytes.length
          if (length >= rangeBytes) sendRange()
        },
        finish() {
          sendRange()
          return (digest ??= askFor(id))
        },
      }
    },
    close: async () => void (await thread.terminate()),
  }
}
