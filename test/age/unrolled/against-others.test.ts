import { expect, it } from 'vitest'
import { firstDifference } from './against-others.ts'

it('agrees with node:crypto and noble on 10,000 inputs', () => {
  expect(firstDifference(1, 10_000)).toBeNull()
})
