import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { makePlace } from '../support/place.ts'
import { reasonForNone, waysThrough } from '../support/noticed-by.ts'
import { findDisorder } from '../support/recorded.ts'
import { findSyncs } from '../support/syncs.ts'
import { whyNoTrace } from '../support/trace.ts'
import { type WayName, ways } from '../support/ways.ts'

const repo = join(import.meta.dirname, '../../..')
const reason = whyNoTrace()

const sites = globSync('{src,workers}/**/*.ts', { cwd: repo })
  .sort()
  .flatMap((path) =>
    findSyncs(readFileSync(join(repo, path), 'utf8')).map((site, index) => ({
      path,
      index,
      ...site,
    })),
  )
if (reason !== null)
  console.log(`durability: skipped ${sites.length} syncs that would be turned off: ${reason}`)

/** Runs the ways until one reports a problem. @returns the way and the problem, or null */
async function findNotice(plant: string, names: readonly WayName[]): Promise<string | null> {
  for (const name of names) {
    const place = await makePlace(plant)
    try {
      const [problem] = findDisorder(await ways[name](place))
      if (problem !== undefined) return `${name}: ${problem}`
    } finally {
      await place.dispose()
    }
  }
  return null
}

const isNeeded = ({ path, text }: (typeof sites)[number]): boolean =>
  reasonForNone(path, text) === null

describe.skipIf(reason !== null)('with one sync turned off', () => {
  it.for(sites.filter(isNeeded))(
    '$path:$line, $text, a way notices it',
    { timeout: 300_000 },
    async (site) => {
      const names = waysThrough(site.path)
      expect(names, `name a way through ${site.path} in support/noticed-by.ts`).not.toEqual([])
      const notice = await findNotice(`${site.path}:${site.index}`, names)
      console.log(`${site.path}:${site.line} | ${site.text} | ${notice}`)
      expect(notice).not.toBeNull()
    },
  )
})
