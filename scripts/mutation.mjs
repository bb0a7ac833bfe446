/**
 * `npm run test:mutation [-- FILE …]` changes the code in many small ways (Stryker) and reports the
 * changes that no test notices. Without a FILE it changes all files of the folders below, which
 * takes hours. Prints the score of each file, and never fails because of a score.
 */
import { join } from 'node:path'
import { runNode } from './run-node.mjs'
import { ensureModules, ensurePrograms, root, runScript } from './setup.mjs'

/** The folders to mutate, each with the folder of the tests that must notice a change. */
const testsOf = {
  'src/age': 'test/age',
  'src/tip': 'test/tip',
  'src/keyring': 'test/keyring',
  'src/ledger': 'test/ledger',
  'src/desk/disclose': 'test/desk/disclose',
  'src/desk/triage': 'test/desk/triage',
  'src/server/fairness': 'test/server/fairness',
}

await runScript(async () => {
  const named = process.argv.slice(2)
  ensureModules()
  ensurePrograms(['age', 'minisign'])
  for (const [folder, tests] of Object.entries(testsOf)) {
    const files =
      named.length === 0
        ? [`${folder}/**/*.ts`]
        : named.filter((file) => file.startsWith(`${folder}/`))
    if (files.length === 0) continue
    const status = await runNode([join(root, 'scripts', 'mutation-run.mjs'), tests, ...files])
    if (status !== 0) return status
  }
  return 0
})
