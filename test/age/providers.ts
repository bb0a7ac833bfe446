import { noblePrimitives } from '../../src/age/noble.ts'
import { loadSodiumPrimitives } from '../../src/age/sodium.ts'

/** Both providers, for `describe.each`: one set of tests checks them. */
export const providers = [
  { provider: 'sodium', primitives: await loadSodiumPrimitives() },
  { provider: 'noble', primitives: noblePrimitives },
]
