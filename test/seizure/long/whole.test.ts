import { afterAll, describe, expect, it } from 'vitest'
import { cleanUp } from '../../supervise/start.ts'
import { search } from '../support/search.ts'
import { seize } from '../support/seize.ts'

afterAll(cleanUp)

describe('the disk of a server that also sent canaries and notes', () => {
  it('tells nothing of who wrote, and when', async () => {
    const { disk, wanted } = await seize({ isWholeWay: true })
    expect(await search(disk, wanted)).toEqual([])
  }, 300_000)
})
