/**
 * A program: an intake that receives 1,500 envelopes of 64 KiB. Prints how often V8 searched the
 * whole heap for garbage meanwhile. With the argument `grow`, the heap may grow as it may in
 * src/server/main.ts.
 */
import { constants, PerformanceObserver } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import { letHeapGrow } from '../../src/server/heap-growth.ts'
import { postRaw, sealRandom, startIntake } from './harness.ts'

const ENVELOPES = 1_500
const AT_ONCE = 4

if (process.argv[2] === 'grow') letHeapGrow()
const intake = await startIntake({ maxUploads: 2 * AT_ONCE })
const envelope = await sealRandom(64 * 1024)
let collections = 0
const observer = new PerformanceObserver((list) => {
  // the type of an entry lacks what the entries of collections have
  for (const { detail } of list.getEntries() as unknown as { detail: { kind: number } }[])
    if (detail.kind === constants.NODE_PERFORMANCE_GC_MAJOR) collections += 1
})
observer.observe({ entryTypes: ['gc'] })
await Promise.all(
  Array.from({ length: AT_ONCE }, async () => {
    for (let sent = 0; sent < ENVELOPES / AT_ONCE; sent += 1) {
      const { status } = await postRaw(intake, envelope)
      if (status !== 201) throw new Error(`the intake answered ${status}`)
    }
  }),
)
// the observer is called later than the collections
await sleep(100)
process.stdout.write(`${collections}\n`)
await intake.stop()
process.exit(0)
