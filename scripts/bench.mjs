import { runNode } from './run-node.mjs'
import { ensureModules, ensurePrograms, runScript } from './setup.mjs'

await runScript(() => {
  ensureModules()
  ensurePrograms(['redis-server', 'age'])
  return runNode(['bench/main.ts', ...process.argv.slice(2)])
})
