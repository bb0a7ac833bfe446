import { describe, expect, it } from 'vitest'

import {
  dicewareWords,
  generatedWords,
  generatePassphrase,
} from '../../../src/cli/keys/new-passphrase.ts'
import { estimateBits } from '../../../src/keyring/passphrase-strength.ts'

describe('generatePassphrase', () => {
  it('has at least 90 bits: nine draws out of 2,048 words', () => {
    expect(new Set(dicewareWords).size).toBe(2_048)
    expect(generatedWords * Math.log2(dicewareWords.length)).toBeGreaterThanOrEqual(90)
    const words = generatePassphrase().revealText().split(' ')
    expect(words).toHaveLength(generatedWords)
    for (const word of words) expect(dicewareWords).toContain(word)
  })

  it('uses eleven bits for each word, without bias, and wipes the random bytes', () => {
    const counts = new Map<string, number>()
    for (let value = 0; value < 2 ** 16; value += 1) {
      const bytes = new Uint8Array(generatedWords * 2)
      new DataView(bytes.buffer).setUint16(0, value)
      const [word = ''] = generatePassphrase(() => bytes)
        .revealText()
        .split(' ')
      counts.set(word, (counts.get(word) ?? 0) + 1)
      if (value === 0xffff) expect(bytes.every((byte) => byte === 0)).toBe(true)
    }
    expect([...counts.keys()]).toHaveLength(2_048)
    expect(new Set(counts.values())).toEqual(new Set([32]))
  })

  it('never gives the same passphrase twice, and passes the check for typed ones', () => {
    const made = Array.from({ length: 100 }, () => generatePassphrase().revealText())
    expect(new Set(made).size).toBe(100)
    for (const passphrase of made) expect(estimateBits(passphrase)).toBeGreaterThanOrEqual(60)
  })

  it('asks the system for randomness each time', () => {
    let drawn = 0
    const passphrase = generatePassphrase((length) => {
      drawn += length
      return new Uint8Array(length).fill(0xff)
    })
    expect(drawn).toBe(generatedWords * 2)
    expect(passphrase.revealText()).toBe(
      Array.from({ length: generatedWords }, () => 'zoo').join(' '),
    )
  })
})
