import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { request } from 'node:http'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openSite, type Site, Unit } from '../faults/site.ts'
import { compileCache } from '../support/compile-cache.ts'

let site: Site
beforeEach(async () => {
  site = await openSite()
})
afterEach(() => site.dispose())

const statusOf = (socketPath: string): Promise<number | undefined> =>
  new Promise((resolve, reject) => {
    const asking = request(
      { socketPath, path: '/keyring.json', headers: { host: 'localhost' } },
      (answer) => {
        answer.resume()
        resolve(answer.statusCode)
      },
    )
    asking.on('error', reject)
    asking.end()
  })

/** An intake whose clock is wrong by this many days; all other clocks are right. */
function intakeWith(days: number): Unit {
  return new Unit('src/server/main.ts', {
    PATH: process.env.PATH,
    NODE_COMPILE_CACHE: compileCache,
    TUMEN_LISTEN: `unix:${site.socket}`,
    TUMEN_REDIS_URL: site.redis.url,
    TUMEN_DATA_DIR: site.dataDir,
    TUMEN_KEYS_DIR: site.keysDir,
    TUMEN_RESERVE_BYTES: '0',
    NODE_OPTIONS: `--import=${JSON.stringify(join(site.deskDir, 'clock.mjs'))}`,
    TEST_DAYS: String(days),
  })
}

describe('an intake whose clock is wrong when it starts', () => {
  beforeEach(async () => {
    await writeFile(
      join(site.deskDir, 'clock.mjs'),
      `import { existsSync } from 'node:fs'
       const real = globalThis.Date
       const wrong = () => (existsSync(${JSON.stringify(join(site.deskDir, 'right'))}) ? 0 : Number(process.env.TEST_DAYS) * 86_400_000)
       globalThis.Date = class extends real {
         constructor(...all) { if (all.length === 0) super(real.now() + wrong()); else super(...all) }
         static now() { return real.now() + wrong() }
       }`,
    )
  })

  it.each([
    ['ahead', 4000, 'the keyring expired'],
    ['behind', -4000, 'not in force yet'],
  ])('%s starts closed, says why, and opens when the clock is right', async (_, days, why) => {
    const intake = intakeWith(days)
    try {
      intake.start()
      await intake.untilReady()
      expect(intake.log).toContain(`intake: closed for now: `)
      expect(intake.log).toContain(why)
      expect(await statusOf(site.socket)).toBe(503)
      await writeFile(join(site.deskDir, 'right'), '')
      expect(await statusOf(site.socket)).toBe(200)
    } finally {
      await intake.kill()
    }
    expect((await readFile(join(site.keysDir, 'keyring.json'))).length).toBeGreaterThan(0)
  })
})
