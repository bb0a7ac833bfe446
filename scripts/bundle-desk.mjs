import { runNode } from './run-node.mjs'
import { ensureModules, ensurePrograms, runScript } from './setup.mjs'

await runScript(async () => {
  ensureModules()
  ensurePrograms(['tar'])
  return runNode(['scripts/desk/main.ts', ...process.argv.slice(2)])
})
