/**
 * Draws the pictures of the README into docs/pictures, from a separate demo: `npm run pictures`.
 */
import { ensurePage } from './page.mjs'
import { runNode } from './run-node.mjs'
import { ensureModules, ensurePrograms, runScript } from './setup.mjs'

await runScript(async () => {
  ensureModules()
  ensurePrograms(['redis-server', 'chromium'])
  await ensurePage()
  return runNode(['scripts/pictures/main.ts'])
})
