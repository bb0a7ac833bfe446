/**
 * Checks the registry's signatures of all installed packages (`npm audit signatures`). If the
 * registry or its signing keys cannot be reached, the script says so and succeeds: the installation
 * has checked the integrity recorded in the lock file in any case. A wrong or missing signature
 * fails.
 */
import { spawnSync } from 'node:child_process'
import { ensureModules, findNpm, root, runScript } from './setup.mjs'

const withinMs = 300_000

await runScript(() => {
  ensureModules()
  // The npm of Debian 12 refuses signatures whose key has expired since, however old they are.
  const npm = findNpm()
  const { status, stdout, stderr, error } = spawnSync(
    npm.program,
    [...npm.args, 'audit', 'signatures', '--loglevel=error'],
    { cwd: root, encoding: 'utf8', timeout: withinMs },
  )
  const output = `${stdout}${stderr}`
  const unanswered =
    error !== undefined ||
    /ENOTFOUND|ECONNREFUSED|ETIMEDOUT|EAI_AGAIN|ERR_SOCKET|E40[0-9]|E5\d\d|no dependencies to audit/.test(
      output,
    )
  if (status === 0) {
    process.stdout.write(stdout)
    return 0
  }
  if (/invalid|missing/i.test(stdout) || !unanswered) {
    process.stderr.write(output)
    return 1
  }
  console.log(
    'signatures: not checked, because the registry or its keys did not answer; npm ci has checked the lock file',
  )
  return 0
})
