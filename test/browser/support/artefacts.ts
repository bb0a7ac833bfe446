import { mkdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Page } from 'puppeteer-core'
import { desktop, phone } from './launch.ts'
import type { Size } from './launch.ts'

/** Screenshots for people to look at; no test compares them. */
export const artefacts = join(import.meta.dirname, '..', 'artefacts')

/** A screenshot of the whole page at the current size. */
export async function photograph(page: Page, name: string): Promise<void> {
  const path = join(artefacts, `${name}.png`)
  await mkdir(dirname(path), { recursive: true })
  // An element that sticks to the window would appear in the middle of the picture.
  await page.evaluate(() => scrollTo({ top: 0, behavior: 'instant' }))
  await page.screenshot({ path: path, fullPage: true })
}

/** Screenshots at the size of a phone and of a desktop; leaves the page at the desktop's size. */
export async function photographAll(page: Page, name: string): Promise<void> {
  for (const [label, size] of Object.entries<Size>({ phone, desktop })) {
    await page.setViewport(size)
    await photograph(page, `${name}-${label}`)
  }
}
