import { ensurePage } from './page.mjs'
import { ensureProgram } from './program.mjs'
import { runNode } from './run-node.mjs'
import { ensureModules, ensureRedis, runScript } from './setup.mjs'

await runScript(async () => {
  ensureModules({ needs: 'start' })
  ensureRedis()
  await ensurePage()
  await ensureProgram()
  return runNode(['src/supervise/main.ts'], { hasLifeline: true })
})
