/**
 * The canary part of ops as a process of its own, so that it can be killed. It sends one canary and
 * stops at the given step. Without a step, it starts as ops does and keeps running.
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
