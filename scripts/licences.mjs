/**
 * Lists the licence of every package in package-lock.json, direct or not. Exits with status 1 when
 * one of them must not be combined with Tumen's own licence, AGPL-3.0-or-later.
 *
 *   npm run licences              counts by licence
 *   npm run licences -- --all     one line for each package
 */
import { runNode } from './run-node.mjs'
import { ensureModules, runScript } from './setup.mjs'

await runScript(() => {
  ensureModules()
  return runNode(['scripts/licences/main.ts', ...process.argv.slice(2)])
})
