/**
 * Checks the registry's signatures of all installed packages (`npm audit signatures`). If the
 * registry or its signing keys cannot be reached, the script says so and succeeds: `npm ci` has
 * checked the integrity recorded in the lock file in any case. A wrong or missing signature fails.
 */
import { spawnSync } from 'node:child_process'
import { root } from './setup.mjs'

const withinMs = 300_000

const { status, stdout, stderr, error } = spawnSync(
  'npm',
  ['audit', 'signatures', '--loglevel=error'],
  {
    cwd: root,
    encoding: 'utf8',
    timeout: withinMs,
  },
)
const output = `${stdout}${stderr}`
const unanswered =
  error !== undefined ||
  /ENOTFOUND|ECONNREFUSED|ETIMEDOUT|EAI_AGAIN|ERR_SOCKET|E40[0-9]|E5\d\d|no dependencies to audit/.test(
    output,
  )

if (status === 0) process.stdout.write(stdout)
else if (/invalid|missing/i.test(stdout) || !unanswered) {
  process.stderr.write(output)
  process.exitCode = 1
} else
  console.log(
    'signatures: not checked, because the registry or its keys did not answer; npm ci has checked the lock file',
  )
