/**
 * The canary of ops as a process of its own, to be killed: sends one and stands still at the step
 * it is given, or, given none, starts as ops starts and stays.
 */
import { startCanary } from '../../../../src/ops/canary/start.ts'
import { runCanary } from '../../../../src/ops/canary/run-canary.ts'
import { makeCanaryParts } from '../parts.ts'

const [dataDir = '', keysDir = '', port = '', method = '', fatalStep = ''] = process.argv.slice(2)
const parts = await makeCanaryParts({
  dataDir,
  keysDir,
  address: { listen: { host: '127.0.0.1', port: Number(port) } },
})

// The message channel keeps the process alive.
process.on('message', () => undefined)
if (fatalStep === '') {
  await startCanary(null, parts.notes)
  process.send?.('started')
} else {
  await runCanary(
    {
      ...parts,
      method: () => (method === 'tus' ? 'tus' : 'post'),
      async onStep(step) {
        if (step !== fatalStep) return
        process.send?.('here')
        await new Promise(() => undefined)
      },
    },
    new AbortController().signal,
  )
}
