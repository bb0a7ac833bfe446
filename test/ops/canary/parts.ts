import { generateIdentity } from '../../../src/age/keys.ts'
import { CanaryNotes } from '../../../src/canary/notes.ts'
import { createPublicWay } from '../../../src/ops/canary/public-way.ts'
import type { PublicAddress } from '../../../src/ops/canary/public-way.ts'
import type { CanaryParts } from '../../../src/ops/canary/run-canary.ts'
import { systemClock } from '../../../src/time/clock.ts'
import { openFsStore } from '../../../src/store/fs-store.ts'
import { primitives } from '../../support/ceremony.ts'

/** The parts that ops makes from its settings, with a shorter time-out. */
export async function makeCanaryParts(
  site: {
    dataDir: string
    keysDir: string
    address: Partial<PublicAddress> & Pick<PublicAddress, 'listen'>
  },
  more: Partial<CanaryParts> = {},
): Promise<CanaryParts> {
  const notes = new CanaryNotes(site.dataDir)
  await notes.create()
  const newVisitor = createPublicWay({
    onionAddress: null,
    torSocks: null,
    torDir: null,
    ...site.address,
  })
  if (newVisitor === null) throw new Error('no way to the intake')
  return {
    primitives,
    notes,
    newVisitor,
    identity: generateIdentity(primitives, 'hybrid'),
    store: await openFsStore({
      dir: site.dataDir,
      instance: 'ops-test',
      reserveBytes: 0,
      clock: systemClock,
    }),
    keysDir: site.keysDir,
    clock: systemClock,
    patienceMs: 20_000,
    ...more,
  }
}
