import { ensurePage } from './page.mjs'
import { ensureProgram } from './program.mjs'
import { ensureModules, runScript } from './setup.mjs'

await runScript(async () => {
  ensureModules()
  await ensurePage()
  await ensureProgram()
  return 0
})
