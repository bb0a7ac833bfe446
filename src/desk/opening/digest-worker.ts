import { createHash, type Hash } from 'node:crypto'
import { parentPort } from 'node:worker_threads'
import { readRanges } from '../../age/read-file.ts'

/** `range`: these bytes are in the file now and follow the last ones; `end` asks for the digest. */
export type ToDigestWorker =
  | { id: number; type: 'range'; fd: number; position: number; length: number }
  | { id: number; type: 'end' }

export type FromDigestWorker = { id: number; digest: string } | { id: number; failure: string }

const hashes = new Map<number, Hash>()
const failures = new Map<number, string>()
let buffer = new Uint8Array(0)

parentPort?.on('message', (message: ToDigestWorker) => {
  const hash = hashes.get(message.id) ?? createHash('sha256')
  hashes.set(message.id, hash)
  if (message.type === 'range') return take(hash, message)
  const { id } = message
  const failure = failures.get(id)
  parentPort?.postMessage(
    failure === undefined ? { id, digest: hash.digest('hex') } : { id, failure },
  )
  hashes.delete(id)
  failures.delete(id)
})

function take(hash: Hash, { id, fd, position, length }: ToDigestWorker & { type: 'range' }): void {
  if (buffer.length < length) buffer = new Uint8Array(length)
  try {
    readRanges(buffer, [{ fd, position, length, at: 0 }])
    hash.update(buffer.subarray(0, length))
  } catch (error) {
    // A file that was given up is closed by now; nobody asks for its digest.
    failures.set(id, (error as Error).message)
  }
}
