import { describe, expect, it } from 'vitest'
import { sealInChild } from './child.ts'

describe('without WebAssembly and JIT, as in Safer', () => {
  it('seals the same bytes', async () => {
    const [standard, safer] = [await sealInChild(300_000), await sealInChild(300_000, '--jitless')]
    expect([standard.hasWebAssembly, safer.hasWebAssembly]).toEqual([true, false])
    expect(safer.recipient).toBe(standard.recipient)
    expect(safer.receipt).toBe(standard.receipt)
  })
})
