/**
 * `npm test [-- --all] [-- arguments for vitest]`: types first, then everything
 * that needs no browser or Tor network, in under two minutes. `--all` adds the rest.
 */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { runNode } from './run-node.mjs'
import { ensureModules, ensurePrograms, root, runScript } from './setup.mjs'

/** Longer tests, left out unless asked for: by folder, with the reason that is printed. */
const longTests = {
  'test/browser': 'needs Firefox ESR',
  'test/tor': 'needs the Tor network',
}

await runScript(async () => {
  ensureModules()
  ensurePrograms(['redis-server', 'age', 'minisign', 'tar'])
  const given = process.argv.slice(2)
  const isAll = given.includes('--all')
  const types = await runNode([join(root, 'node_modules', 'typescript', 'bin', 'tsc')])
  if (types !== 0) process.stderr.write('types: the errors above fail the run\n')
  const tests = await runNode([
    join(root, 'node_modules', 'vitest', 'vitest.mjs'), 'run',
    ...(isAll ? [] : skipArguments()),
    ...given.filter((argument) => argument !== '--all'),
  ])
  return types || tests
})

function skipArguments() {
  const present = Object.entries(longTests).filter(([folder]) => existsSync(join(root, folder)))
  return present.flatMap(([folder, reason]) => {
    process.stderr.write(`skipped: ${folder} (${reason}); npm run test:all runs it\n`)
    return ['--exclude', `${folder}/**`]
  })
}
