import { ensurePage } from './page.mjs'
import { runNode } from './run-node.mjs'
import { ensureModules, ensurePrograms, runScript } from './setup.mjs'

await runScript(async () => {
  const isPage = process.argv.includes('--page')
  ensureModules()
  ensurePrograms(isPage ? ['redis-server', 'chromium', 'firefox-esr'] : ['redis-server', 'age'])
  await ensurePage()
  return runNode([isPage ? 'bench/page/main.ts' : 'bench/main.ts'])
})
