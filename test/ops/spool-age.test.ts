import { describe, expect, it } from 'vitest'
import { createSpoolAge } from '../../src/ops/spool-age.ts'

const a = 'a'.repeat(64)
const b = 'b'.repeat(64)

describe('createSpoolAge', () => {
  it('counts the steps since the oldest entry was first seen, in bands', () => {
    const age = createSpoolAge()
    expect([[a], [a], [a, b], [a, b], [a, b]].map((spool) => age.look(spool))).toEqual([
      0, 1, 2, 2, 4,
    ])
  })

  it('forgets what has left', () => {
    const age = createSpoolAge()
    age.look([a])
    age.look([a])
    expect(age.look([b])).toBe(0)
    expect(age.look([a, b])).toBe(1)
    expect(age.look([])).toBe(0)
  })
})
