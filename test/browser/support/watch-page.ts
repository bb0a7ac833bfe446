import type { Page } from 'puppeteer-core'

interface WithViolations {
  policyViolations?: string[]
}

/**
 * Everything a page does that ours never does: scripts that fail or run from a text, dialogs,
 * broken policy.
 */
export interface Watched {
  /** One line each. */
  troubles(): Promise<string[]>
}

/** To be called before the page goes anywhere. */
export async function watchPage(page: Page): Promise<Watched> {
  const seen: string[] = []
  page.on('pageerror', (error) => seen.push(`error: ${String(error)}`))
  page.on('console', (message) => {
    if (isTrouble(message.type(), message.text())) seen.push(`console: ${message.text()}`)
  })
  page.on('dialog', (dialog) => {
    seen.push(`dialog: ${dialog.message()}`)
    void dialog.dismiss().catch(() => undefined)
  })
  await page.evaluateOnNewDocument(() => {
    const violations: string[] = ((globalThis as WithViolations).policyViolations = [])
    document.addEventListener('securitypolicyviolation', (event) =>
      violations.push(`${event.violatedDirective}: ${event.blockedURI} ${event.sample}`),
    )
  })
  return {
    async troubles() {
      const violations = await page.evaluate(
        () => (globalThis as WithViolations).policyViolations ?? ['nobody has looked'],
      )
      return [...seen, ...violations.map((line) => `policy: ${line}`)]
    },
  }
}

function isTrouble(type: string, text: string): boolean {
  return ['error', 'warn'].includes(type) && !forSecureContexts.test(text)
}

/** Headers that Chromium heeds in secure contexts alone, and says so. */
const forSecureContexts =
  /Cross-Origin-Opener-Policy header has been ignored|requested an origin-keyed agent cluster/
