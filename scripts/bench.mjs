import { ensurePage } from './page.mjs'
import { runNode } from './run-node.mjs'
import { ensureModules, ensurePrograms, runScript } from './setup.mjs'

await runScript(async () => {
  const isPage = process.argv.includes('--page')
  const isCasebook = process.argv.includes('--casebook')
  ensureModules()
  ensurePrograms(isCasebook ? ['chromium', 'firefox-esr'] : isPage ? ['redis-server', 'chromium', 'firefox-esr'] : ['redis-server', 'age'])
  if (!isCasebook) await ensurePage()
  return runNode([isCasebook ? 'bench/casebook/main.ts' : isPage ? 'bench/page/main.ts' : 'bench/main.ts'])
})
