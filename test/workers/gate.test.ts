import { describe, expect, it } from 'vitest'
import { Gate } from '../../workers/gate.ts'

describe('Gate', () => {
  it('lets many in together and one in alone, in the order they came', async () => {
    const gate = new Gate()
    let inside = 0
    const seen: string[] = []
    const work = (name: string, isAlone: boolean) => async () => {
      inside += 1
      seen.push(`${name}${inside}`)
      await new Promise((resolve) => setImmediate(resolve))
      if (isAlone) expect(inside).toBe(1)
      inside -= 1
    }
    await Promise.all([
      gate.together(work('a', false)),
      gate.together(work('b', false)),
      gate.alone(work('c', true)),
      gate.together(work('d', false)),
      gate.alone(work('e', true)),
    ])
    expect(seen).toEqual(['a1', 'b2', 'c1', 'd1', 'e1'])
  })

  it('opens again after work has failed', async () => {
    const gate = new Gate()
    await expect(gate.alone(() => Promise.reject(new Error('no')))).rejects.toThrow('no')
    expect(await gate.alone(async () => 'in')).toBe('in')
  })
})
