import { ensurePage } from './page.mjs'
import { ensureModules, runScript } from './setup.mjs'

await runScript(async () => {
  ensureModules()
  await ensurePage()
  return 0
})
