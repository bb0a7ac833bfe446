import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Decrypter, Encrypter } from 'age-encryption'
import { afterAll, describe, expect, it } from 'vitest'
import { openFile, sealFile, unwrapWith } from '../../src/age/file.ts'
import type { Recipient } from '../../src/age/keys.ts'
import { generateIdentity, recipientOf, revealIdentity } from '../../src/age/keys.ts'
import type { Primitives } from '../../src/age/primitives.ts'
import { inlineEngine } from '../../src/age/stream.ts'
import { gather, pieces } from './pieces.ts'
import { providers } from './providers.ts'

export interface InteropCase {
  kind: Recipient['kind']
  /** Number of recipients. */
  count: number
  /** Length of the plaintext in bytes. */
  size: number
}

const KiB = 1024
/** Sizes on both sides of a chunk's end, and one of many chunks. */
export const sizes = [0, 1, 64 * KiB - 1, 64 * KiB, 64 * KiB + 1, 10 * KiB * KiB]
export const counts = [1, 3, 20]
export const kinds: Recipient['kind'][] = ['x25519', 'hybrid']

function plaintextOf(size: number): Uint8Array {
  const bytes = new Uint8Array(size)
  for (let i = 0; i < size; i++) bytes[i] = (i * 31 + (i >> 8)) & 0xff
  return bytes
}

function identitiesOf(primitives: Primitives, kind: Recipient['kind'], count: number) {
  return Array.from({ length: count }, () => generateIdentity(primitives, kind))
}

function debianAge(args: string[], input: Uint8Array): Buffer {
  const { status, stdout, stderr } = spawnSync('age', args, { input, maxBuffer: 2 ** 25 })
  if (status !== 0) throw new Error(`age ${args[0]} failed: ${stderr}`)
  return stdout
}

/** Declares the tests against typage and Debian's age, in both directions, for each case. */
export function testInterop(cases: readonly InteropCase[]): void {
  const folder = mkdtempSync(join(tmpdir(), 'tumen-age-'))
  afterAll(() => rmSync(folder, { recursive: true }))

  describe.each(providers)('the age core with the $provider provider', ({ primitives }) => {
    const tools = { primitives, engine: inlineEngine(primitives) }

    describe.each(cases)('with $size bytes to $count $kind recipients', ({ kind, count, size }) => {
      const plaintext = plaintextOf(size)
      const identities = identitiesOf(primitives, kind, count)
      // With the last identity, every stanza before its own must be skipped.
      const reader = identities[count - 1] as (typeof identities)[number]

      it('seals what typage opens', async () => {
        const sealed = await gather(sealFile(tools, identities, pieces(plaintext, 99_999)))
        const decrypter = new Decrypter()
        decrypter.addIdentity(revealIdentity(reader))
        expect(Buffer.from(await decrypter.decrypt(sealed)).equals(plaintext)).toBe(true)
      })

      it('opens what typage seals', async () => {
        const encrypter = new Encrypter()
        for (const identity of identities) encrypter.addRecipient(recipientOf(identity))
        const sealed = await encrypter.encrypt(plaintext)
        const opened = await gather(
          openFile(tools, unwrapWith(primitives, [reader]), pieces(sealed, 77_777)),
        )
        expect(opened.equals(plaintext)).toBe(true)
      })
    })

    // Debian's age 1.1.1 does not support post-quantum recipients; typage above does.
    describe.each(cases.filter(({ kind }) => kind === 'x25519'))(
      "with $size bytes to $count $kind recipients and Debian's age",
      ({ kind, count, size }) => {
        const plaintext = plaintextOf(size)
        const identities = identitiesOf(primitives, kind, count)
        const reader = identities[count - 1] as (typeof identities)[number]

        it('seals what age opens', async () => {
          const identityFile = join(folder, `${count}-${size}.txt`)
          writeFileSync(identityFile, `${revealIdentity(reader)}\n`)
          const sealed = await gather(sealFile(tools, identities, pieces(plaintext, 99_999)))
          expect(debianAge(['-d', '-i', identityFile], sealed).equals(plaintext)).toBe(true)
        })

        it('opens what age seals', async () => {
          const sealed = debianAge(
            identities.flatMap((identity) => ['-r', recipientOf(identity)]),
            plaintext,
          )
          const opened = await gather(
            openFile(tools, unwrapWith(primitives, [reader]), pieces(sealed, 77_777)),
          )
          expect(opened.equals(plaintext)).toBe(true)
        })
      },
    )
  })
}
