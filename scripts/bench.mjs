import { ensurePage } from './page.mjs'
import { runNode } from './run-node.mjs'
import { ensureModules, ensurePrograms, runScript } from './setup.mjs'

await runScript(async () => {
  const isPage = process.argv.includes('--page')
  const isAttack = process.argv.includes('--attack')
  ensureModules()
  ensurePrograms(isPage ? ['redis-server', 'chromium', 'firefox-esr'] : ['redis-server', 'age'])
  await ensurePage()
  if (isAttack) return runNode(['bench/attack.ts', ...process.argv.slice(2).filter((argument) => argument !== '--attack')])
  return runNode([isPage ? 'bench/page/main.ts' : 'bench/main.ts'])
})
