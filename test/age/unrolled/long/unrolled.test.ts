import { expect, it } from 'vitest'
import { firstDifference } from '../against-others.ts'

const seeds = Array.from({ length: 20 }, (_, number) => number + 100)

it.each(seeds)(
  'agrees with node:crypto and noble on 500,000 inputs of seed %d',
  (seed) => expect(firstDifference(seed, 500_000)).toBeNull(),
  3_600_000,
)
