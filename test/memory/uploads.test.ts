import { fork } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { request, type IncomingMessage } from 'node:http'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { describe, expect, it, onTestFinished } from 'vitest'
import { CHUNK, createUpload } from '../server/uploads/harness.ts'
import { makeTempDir } from '../support/temp-dir.ts'
import { makeEnvelope } from '../workers/envelopes.ts'

const MIB = 1024 * 1024
const PIECES = 256

/** Allowance for memory that is not collected yet. It is a fraction of what is sent. */
const MAX_GROWTH_MEBIBYTES = 110

describe('an upload of 256 MiB in one part', () => {
  it('uses no more memory than a small one, and returns the receipt', async () => {
    const child = fork(join(import.meta.dirname, '../server/uploads/site-process.ts'), [
      await makeTempDir(),
    ])
    onTestFinished(async () => {
      if (child.connected) child.disconnect()
      if (child.exitCode === null) await once(child, 'exit')
    })
    const [port] = (await once(child, 'message')) as [number]
    const pieces = envelopePieces()
    const bytes = pieces.reduce((sum, { length }) => sum + length, 0)
    const hash = createHash('sha256')
    for (const piece of pieces) hash.update(piece)

    const path = await createUpload({ url: `http://127.0.0.1:${port}` }, bytes)
    const outgoing = request({
      port,
      path,
      method: 'PATCH',
      headers: { ...CHUNK, 'Upload-Offset': 0, 'Content-Length': bytes },
    })
    const answered = once(outgoing, 'response') as Promise<[IncomingMessage]>
    await pipeline(pieces, outgoing)
    const [answer] = await answered
    answer.resume()
    expect(answer.headers['tumen-receipt']).toBe(hash.digest('hex'))

    child.send('growth')
    const [growth] = (await once(child, 'message')) as [number]
    console.log(
      `faults: ${PIECES} MiB uploaded, ${growth.toFixed(0)} MiB of memory more at the peak`,
    )
    expect(growth).toBeLessThan(MAX_GROWTH_MEBIBYTES)
  })
})

/**
 * An envelope whose payload repeats one piece: the server checks only the length of the payload.
 */
function envelopePieces(): Uint8Array[] {
  const piece = randomBytes(MIB)
  return [makeEnvelope(100).bytes, ...Array.from({ length: PIECES }, () => piece)]
}
