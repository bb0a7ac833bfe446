/** One file sealed or opened, by our core or by typage, as a program of its own: `age-file.ts CORE OPERATION KEY IN OUT`. */
import { createReadStream, createWriteStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { ReadableStream as NodeReadableStream } from 'node:stream/web'
import { Decrypter, Encrypter } from 'age-encryption'
import { startChunkPool } from '../src/age/chunk-pool.ts'
import { openFile, sealFile, unwrapWith } from '../src/age/file.ts'
import { parseIdentity, parseRecipient } from '../src/age/keys.ts'
import { rangesOf, wholeFile } from '../src/age/read-file.ts'
import { loadSodiumPrimitives } from '../src/age/sodium.ts'

const [core, operation, key, from, to] = process.argv.slice(2) as [string, string, string, string, string]
await (core === 'typage' ? withTypage() : withTumen())

async function withTumen(): Promise<void> {
  const engine = startChunkPool()
  const primitives = await loadSodiumPrimitives()
  const input = await open(from)
  const output = await open(to, 'w')
  const tools = { primitives, engine }
  const stream =
    operation === 'seal'
      ? sealFile(tools, [parseRecipient(key)], wholeFile(input, (await input.stat()).size))
      : openFile(tools, unwrapWith(primitives, [parseIdentity(primitives, key)]), rangesOf(input))
  for await (const bytes of stream) await output.writeFile(bytes)
  await output.close()
  await input.close()
  await engine.close()
}

async function withTypage(): Promise<void> {
  const input = Readable.toWeb(createReadStream(from, { highWaterMark: 1024 * 1024 })) as ReadableStream<Uint8Array>
  const encrypter = new Encrypter()
  const decrypter = new Decrypter()
  if (operation === 'seal') encrypter.addRecipient(key)
  else decrypter.addIdentity(key)
  const output = operation === 'seal' ? await encrypter.encrypt(input) : await decrypter.decrypt(input)
  await pipeline(Readable.fromWeb(output as NodeReadableStream<Uint8Array>), createWriteStream(to))
}
