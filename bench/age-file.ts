/**
 * Seals or opens one file with our core, as a separate program: `age-file.ts OPERATION KEY IN OUT`.
 */
import { open } from 'node:fs/promises'
import { startChunkPool } from '../src/age/chunk-pool.ts'
import { openFile, sealFile, unwrapWith } from '../src/age/file.ts'
import { parseIdentity, parseRecipient } from '../src/age/keys.ts'
import { rangesOf, wholeFile } from '../src/age/read-file.ts'
import { loadSodiumPrimitives } from '../src/age/sodium.ts'
import { writePieces } from '../src/age/write-file.ts'

const [operation, key, from, to] = process.argv.slice(2) as [string, string, string, string]

const engine = startChunkPool()
const primitives = await loadSodiumPrimitives()
const input = await open(from)
const output = await open(to, 'w')
const tools = { primitives, engine }
const stream =
  operation === 'seal'
    ? sealFile(tools, [parseRecipient(key)], wholeFile(input, (await input.stat()).size))
    : openFile(tools, unwrapWith(primitives, [parseIdentity(primitives, key)]), rangesOf(input))
for await (const bytes of stream) await writePieces(output, bytes)
await output.close()
await input.close()
await engine.close()
