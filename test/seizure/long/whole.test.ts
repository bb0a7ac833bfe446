import { afterAll, describe, expect, it } from 'vitest'
import { cleanUp } from '../../supervise/start.ts'
import { search } from '../support/search.ts'
import { seize } from '../support/seize.ts'

afterAll(cleanUp)

describe('the disk of a server that also sent canaries and notifications', () => {
  it('reveals neither who wrote nor when', async () => {
    const { disk, wanted } = await seize({ isWholeWay: true })
    expect(await search(disk, wanted)).toEqual([])
  }, 300_000)
})
