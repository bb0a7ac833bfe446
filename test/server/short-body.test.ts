import { afterEach, describe, expect, it } from 'vitest'
import { proxyLine } from '../attack/support/onion.ts'
import { type Intake, RawClient, sealRandom, startIntake } from './harness.ts'

let intake: Intake
afterEach(() => intake.stop())

/**
 * Sends a complete envelope with a Content-Length that is one byte too large, then closes the
 * connection.
 */
async function sendShort(
  head: string,
  body: Buffer,
  target: number | string = intake.port,
): Promise<string> {
  const client = new RawClient(target)
  client.write(
    `${head}Host: x\r\nAccept: application/json\r\nContent-Length: ${body.length + 1}\r\n\r\n`,
  )
  client.write(body)
  client.socket.end()
  return await client.closed()
}

describe('a body that is shorter than announced', () => {
  it('gets no receipt, and nothing of it is kept, though it is a whole envelope', async () => {
    intake = await startIntake()
    const head = 'POST /submissions HTTP/1.1\r\nContent-Type: application/octet-stream\r\n'
    expect(await sendShort(head, await sealRandom())).not.toMatch(/"receipt"/)
    const throughTor = await sendShort(proxyLine(1) + head, await sealRandom(), intake.onionPath)
    expect(throughTor).not.toMatch(/"receipt"/)
    expect(intake.announced).toEqual([])
    expect((['tmp', 'incoming'] as const).flatMap((folder) => intake.files(folder))).toEqual([])
  })
})
