/**
 * Runs the desk on a real terminal with a casebook in memory. Every saved change is written to the
 * file that the first argument names.
 */
import { writeFileSync } from 'node:fs'
import { runDesk } from '../../../src/desk/terminal/driver.ts'
import type { Terminal } from '../../../src/desk/terminal/driver.ts'
import { sampleView, seedTip } from '../support/sample-view.ts'
import { startOfDay } from './desk-player.ts'
import { FakeStore } from './fake-store.ts'
import { hostileTip, uyghurTip } from './tips.ts'

const [, , file = '', crash = ''] = process.argv
const store = new FakeStore([
  sampleView(),
  sampleView(uyghurTip),
  sampleView(hostileTip, { title: hostileTip.narrative }),
  sampleView({ ...seedTip, narrative: '둘째' }),
])
const append = store.appendNow.bind(store)
store.appendNow = (receipt, changes) => {
  append(receipt, changes)
  writeFileSync(file, JSON.stringify(store.saved))
}
if (crash === 'crash')
  Object.defineProperty(store.views[1] ?? {}, 'changes', {
    get: () => {
      throw new Error('made to crash')
    },
  })

const cleanups = new Set<() => void>()
for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.once(signal, () => {
    for (const cleanup of cleanups) cleanup()
    process.kill(process.pid, signal)
  })
}
await runDesk({
  terminal: { input: process.stdin, output: process.stdout } satisfies Terminal,
  store,
  analyst: 'kim',
  clock: { now: () => new Date(startOfDay) },
  onInterrupt(cleanup) {
    cleanups.add(cleanup)
    return () => cleanups.delete(cleanup)
  },
  async suspend() {
    const goesOn = new Promise((resolve) => process.once('SIGCONT', resolve))
    process.kill(0, 'SIGTSTP')
    await goesOn
  },
})
process.stdin.unref()
