import { execFileSync } from 'node:child_process'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { artefacts } from '../browser/support/artefacts.ts'
import type { CasebookSite } from '../browser/support/casebook-site.ts'
import { makeCasebookSite, stopClock } from '../browser/support/casebook-site.ts'
import { browserNames, isInstalled } from '../browser/support/installed.ts'
import type { Launched } from '../browser/support/launch.ts'
import { launch } from '../browser/support/launch.ts'
import type { OnionProxy } from '../browser/support/proxy.ts'
import { openOnionProxy } from '../browser/support/proxy.ts'

/** A printed case sheet. */

let site: CasebookSite
let proxy: OnionProxy
beforeAll(async () => {
  site = await makeCasebookSite(12)
  proxy = await openOnionProxy(9)
  await mkdir(artefacts, { recursive: true })
})
afterAll(async () => {
  await proxy?.close()
  await site?.close()
})

describe.each(browserNames.filter(isInstalled))('a case sheet printed by %s', (browser) => {
  let launched: Launched
  beforeAll(async () => {
    launched = await launch({
      browser,
      level: 'standard',
      isDark: true,
      proxyAddress: proxy.address,
    })
  }, 90_000)
  afterAll(() => launched?.dispose())

  async function print(path: string, name: string) {
    const page = await launched.newPage()
    await stopClock(page)
    await page.goto(site.url(path))
    const file = join(artefacts, `casebook-${browser}-${name}.pdf`)
    await writeFile(
      file,
      await page.pdf({ preferCSSPageSize: true, format: 'A4', timeout: 120_000 }),
    )
    await page.close()
    const pages = Number(
      /^Pages:\s+(\d+)$/m.exec(execFileSync('pdfinfo', [file], { encoding: 'utf8' }))?.[1],
    )
    return { pages, text: execFileSync('pdftotext', ['-layout', file, '-'], { encoding: 'utf8' }) }
  }

  it('is one page for an ordinary case, consent first', async () => {
    const { pages, text } = await print(site.sheet(3), 'sheet')
    expect(pages).toBe(1)
    expect(text).toMatch(/Who may be told[^]*리영희[^]*Tier 0/)
    expect(text).toContain('The source: never leaves the desk')
    // Content that is only for the screen.
    expect(text).not.toContain('All cases')
    expect(text).not.toContain('To change something')
  })

  it('prints a long case on several pages without cutting it', async () => {
    const { pages, text } = await print(site.sheet(2), 'sheet-long')
    expect(pages).toBeGreaterThan(10)
    // pdftotext misses some spaces that Firefox writes.
    expect(text).toMatch(/THE.END/)
  }, 180_000)
})
