import { describe, expect, it } from 'vitest'
import { Memo } from '../../src/server/memo.ts'

describe('Memo', () => {
  it('makes a thing once, and forgets the oldest when there are too many', () => {
    const made: string[] = []
    const memo = new Memo<string>(2)
    const ask = (key: string): string =>
      memo.get(key, () => {
        made.push(key)
        return key.toUpperCase()
      })
    expect(['a', 'b', 'a', 'c', 'b', 'a'].map(ask)).toEqual(['A', 'B', 'A', 'C', 'B', 'A'])
    expect(made).toEqual(['a', 'b', 'c', 'a'])
  })
})
