/** Writes the documents that are generated from the code's tables: `npm run docs`. */
import { runNode } from './run-node.mjs'
import { ensureModules, runScript } from './setup.mjs'

await runScript(() => {
  ensureModules()
  return runNode(['scripts/docs/main.ts'])
})
