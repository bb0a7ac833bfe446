import { ensurePage } from './page.mjs'
import { runNode } from './run-node.mjs'
import { ensureModules, ensurePrograms, runScript } from './setup.mjs'

await runScript(async () => {
  const isPage = process.argv.includes('--page')
  const isDesk = process.argv.includes('--desk')
  ensureModules()
  if (isDesk) {
    ensurePrograms(['age', 'tar'])
    return runNode(['bench/desk.ts'])
  }
  ensurePrograms(isPage ? ['redis-server', 'chromium', 'firefox-esr'] : ['redis-server', 'age'])
  await ensurePage()
  return runNode([isPage ? 'bench/page/main.ts' : 'bench/main.ts'])
})
