import { describe, it } from 'vitest'
import { seedOfRun } from '../../faults/random.ts'
import { whyNoCutDisk } from '../support/cut-disk.ts'
import { cutDesk, cutServer, cutStick } from '../support/power-cuts.ts'

/** The number of power cuts of each kind; thirty in total. */
const rounds = { server: 14, stick: 8, desk: 8 }

const reason = whyNoCutDisk()
if (reason !== null) console.log(`durability: skipped 30 power cuts of a real disk: ${reason}`)

const seed = seedOfRun()
const seeds = (count: number): number[] => Array.from({ length: count }, (_, at) => seed + at)

describe.skipIf(reason !== null)(`a real power cut (FAULT_SEED=${seed})`, () => {
  it.for(seeds(rounds.server))('loses nothing at the server, seed %i', cutServer)
  it.for(seeds(rounds.stick))('leaves a whole export or none, seed %i', cutStick)
  it.for(seeds(rounds.desk))('leaves a casebook that can be opened on, seed %i', cutDesk)
})
