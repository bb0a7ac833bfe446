import { expect, it } from 'vitest'
import { primitives } from '../../support/ceremony.ts'
import { countDrops, deviationOfPlaces, deviations } from '../distinguish.ts'

it('finds no difference between 5,000 answers and 5,000 decoys', async () => {
  const { real, decoys } = await countDrops(primitives, 668)
  expect(real.slots + decoys.slots).toBeGreaterThan(10_000)
  const found = deviations(real, decoys)
  const mean = found.reduce((sum, each) => sum + each, 0) / found.length
  // The bounds are fixed: of 8,192 positions one is beyond 7 by chance in a million runs, and the
  // mean of all is beyond 0.06 in one of ten million.
  expect(Math.max(...found)).toBeLessThan(7)
  expect(Math.abs(mean)).toBeLessThan(0.06)
  expect(Math.abs(deviationOfPlaces(real, decoys))).toBeLessThan(6)
}, 1_800_000)
