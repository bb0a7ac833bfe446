import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { xorChacha20 } from '../../../src/age/unrolled/chacha20-blocks.ts'
import { unrolledChunkCipher, unrolledCipherWith } from '../../../src/age/unrolled/cipher.ts'

interface WycheproofTest {
  tcId: number
  comment: string
  key: string
  iv: string
  aad: string
  msg: string
  ct: string
  tag: string
  result: 'valid' | 'invalid'
}
const { testGroups } = JSON.parse(
  readFileSync('test/vectors/chacha20-poly1305/wycheproof.json', 'utf8'),
) as { testGroups: { tests: WycheproofTest[] }[] }
const vectors = testGroups.flatMap(({ tests }) => tests)
const bytesOf = (hex: string) => Uint8Array.from(Buffer.from(hex, 'hex'))

describe('ChaCha20-Poly1305', () => {
  it.each(vectors)('agrees with Wycheproof $tcId ($result) $comment', (vector) => {
    const [key, nonce, message] = [vector.key, vector.iv, vector.msg].map(bytesOf) as [
      Uint8Array,
      Uint8Array,
      Uint8Array,
    ]
    const cipher = unrolledCipherWith(bytesOf(vector.aad))
    const sealed = bytesOf(vector.ct + vector.tag)
    if (nonce.length !== 12) {
      expect(vector.result).toBe('invalid')
      expect(() => cipher.chacha20Poly1305Seal(key, nonce, message)).toThrow(RangeError)
      return
    }
    const opened = cipher.chacha20Poly1305Open(key, nonce, sealed)
    if (vector.result === 'invalid') return expect(opened).toBeNull()
    expect(opened).toEqual(message)
    expect(cipher.chacha20Poly1305Seal(key, nonce, message)).toEqual(sealed)
  })

  it('reads all 325 vectors', () => expect(vectors).toHaveLength(325))

  it('never writes plaintext whose tag is wrong', () => {
    const key = new Uint8Array(32).fill(1)
    const nonce = new Uint8Array(12)
    const sealed = unrolledChunkCipher.chacha20Poly1305Seal(key, nonce, new Uint8Array(200).fill(5))
    sealed[3]! ^= 1
    const output = new Uint8Array(300)
    expect(unrolledChunkCipher.chacha20Poly1305Open(key, nonce, sealed, output)).toBeNull()
    expect(output.every((byte) => byte === 0)).toBe(true)
    expect(unrolledChunkCipher.chacha20Poly1305Open(key, nonce, sealed.subarray(0, 15))).toBeNull()
  })

  it('does not change the rest of a longer output', () => {
    const output = new Uint8Array(100).fill(7)
    const sealed = unrolledChunkCipher.chacha20Poly1305Seal(
      new Uint8Array(32),
      new Uint8Array(12),
      new Uint8Array(50),
      output,
    )
    expect(sealed).toHaveLength(66)
    expect(output.subarray(66).every((byte) => byte === 7)).toBe(true)
  })
})

describe('xorChacha20', () => {
  it('gives the block of RFC 8439 §2.3.2', () => {
    const state = new Int32Array(16)
    const bytes = new Uint8Array(state.buffer)
    bytes.set(Buffer.from('expand 32-byte k'))
    for (let at = 0; at < 32; at++) bytes[16 + at] = at
    bytes.set(bytesOf('01000000000000090000004a00000000'), 48)
    const block = new Int32Array(16)
    xorChacha20(state, block, 0, block, 0, 1)
    expect(Buffer.from(block.buffer).toString('hex')).toBe(
      '10f1e7e4d13b5915500fdd1fa32071c4c7d1f4c733c068030422aa9ac3d46c4e' +
        'd2826446079faa0914c2d705d98b02a2b5129cd1de164eb9cbd083e8a2503c4e',
    )
    expect(state[12]).toBe(2)
  })
})
