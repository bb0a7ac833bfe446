import { runNode } from './run-node.mjs'
import { ensureModules, ensureRedis, runScript } from './setup.mjs'

await runScript(() => {
  ensureModules()
  ensureRedis()
  return runNode(['src/supervise/main.ts'], { hasLifeline: true })
})
