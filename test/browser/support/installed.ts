import { existsSync } from 'node:fs'

export type BrowserName = 'chromium' | 'firefox'

const programs: Readonly<Record<BrowserName, string>> = {
  chromium: '/usr/bin/chromium',
  firefox: '/usr/bin/firefox-esr',
}

export function programOf(browser: BrowserName): string {
  return programs[browser]
}

/** Whether the browser is installed; if not, prints the reason once. */
export function isInstalled(browser: BrowserName): boolean {
  const isThere = existsSync(programs[browser])
  if (!isThere && !told.has(browser))
    process.stderr.write(`skipped: tests in ${browser} (${programs[browser]} is not installed)\n`)
  told.add(browser)
  return isThere
}

const told = new Set<BrowserName>()

export const browserNames: readonly BrowserName[] = ['firefox', 'chromium']
