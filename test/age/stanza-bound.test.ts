import { describe, expect, it } from 'vitest'
import { openFile, sealFile, unwrapWith } from '../../src/age/file.ts'
import { generateIdentity, parseRecipient, recipientOf } from '../../src/age/keys.ts'
import { inlineEngine } from '../../src/age/stream.ts'
import { primitives } from '../support/ceremony.ts'
import { gather, pieces } from './pieces.ts'

const tools = { primitives, engine: inlineEngine(primitives) }
const identity = generateIdentity(primitives, 'x25519')
const recipient = parseRecipient(recipientOf(identity))

async function sealTo(count: number): Promise<Buffer> {
  async function* plaintext() {
    yield new TextEncoder().encode('x')
  }
  return await gather(
    sealFile(
      tools,
      Array.from({ length: count }, () => recipient),
      plaintext(),
    ),
  )
}
const open = async (file: Uint8Array) =>
  await gather(openFile(tools, unwrapWith(primitives, [identity]), pieces(file, 1_000)))

describe('openFile', () => {
  it.each([31, 32])('opens a file of %i stanzas', async (count) => {
    expect((await open(await sealTo(count))).toString()).toBe('x')
  })

  it('refuses a file of 33 stanzas, as the intake does', async () => {
    await expect(open(await sealTo(33))).rejects.toMatchObject({ code: 'TOO_MANY_STANZAS' })
  })
})
