import { type Finding, well, wrong } from './finding.ts'
import { readText } from './read-text.ts'

const check = 'redis'
const needed = ['maxmemory-policy noeviction', 'appendonly yes']

/** Checks the configuration file that Redis will be started with, before Redis runs. */
export async function checkRedisConf(path: string): Promise<Finding> {
  const lines = ((await readText(path)) ?? '')
    .split('\n')
    .map((line) => line.trim().replace(/\s+/g, ' '))
  const missing = needed.filter((line) => !lines.includes(line))
  if (missing.length === 0)
    return well(check, 'does not run yet; it will with noeviction and an append-only log')
  return wrong(check, `${path} does not say: ${missing.join(', ')}`, 'restore the file as it came')
}
