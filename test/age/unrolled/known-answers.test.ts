import { describe, expect, it, vi } from 'vitest'
import { unrolledChunkCipher } from '../../../src/age/unrolled/cipher.ts'
import { givesKnownDigest, givesKnownTag } from '../../../src/age/unrolled/known-answers.ts'
import { UnrolledSha256 } from '../../../src/age/unrolled/sha256.ts'

describe('givesKnownDigest', () => {
  it('is true in an engine that computes correctly', () => {
    expect(givesKnownDigest(new UnrolledSha256())).toBe(true)
  })

  it('is false where digests are wrong', () => {
    vi.spyOn(UnrolledSha256.prototype, 'digest').mockReturnValue(new Uint8Array(32))
    expect(givesKnownDigest(new UnrolledSha256())).toBe(false)
  })
})

describe('givesKnownTag', () => {
  it('is true in an engine that computes correctly', () => {
    expect(givesKnownTag()).toBe(true)
  })

  it('is false where sealing is wrong', () => {
    vi.spyOn(unrolledChunkCipher, 'chacha20Poly1305Seal').mockReturnValue(new Uint8Array(1037))
    expect(givesKnownTag()).toBe(false)
  })

  it.each([null, new Uint8Array(1021)])('is false where opening is wrong', (opened) => {
    vi.spyOn(unrolledChunkCipher, 'chacha20Poly1305Open').mockReturnValue(opened)
    expect(givesKnownTag()).toBe(false)
  })
})
