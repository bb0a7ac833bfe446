/**
 * Seals or opens one file with typage, as a separate program: `typage-file.ts OPERATION KEY IN
 * OUT`.
 */
import { createReadStream, createWriteStream } from 'node:fs'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { ReadableStream as NodeReadableStream } from 'node:stream/web'
import { Decrypter, Encrypter } from 'age-encryption'

const [operation, key, from, to] = process.argv.slice(2) as [string, string, string, string]

const input = Readable.toWeb(
  createReadStream(from, { highWaterMark: 1024 * 1024 }),
) as ReadableStream<Uint8Array>
await pipeline(
  Readable.fromWeb((await work()) as NodeReadableStream<Uint8Array>),
  createWriteStream(to),
)

async function work(): Promise<ReadableStream<Uint8Array>> {
  if (operation === 'seal') {
    const encrypter = new Encrypter()
    encrypter.addRecipient(key)
    return encrypter.encrypt(input)
  }
  const decrypter = new Decrypter()
  decrypter.addIdentity(key)
  return decrypter.decrypt(input)
}
