import { noblePrimitives } from '../../src/age/noble.ts'
import { loadSodiumPrimitives } from '../../src/age/sodium.ts'

/** Both providers, for `describe.each`, so that the same tests check both. */
export const providers = [
  { provider: 'sodium', primitives: await loadSodiumPrimitives() },
  { provider: 'noble', primitives: noblePrimitives },
]
