import type { Page } from 'puppeteer-core'

interface WithViolations {
  policyViolations?: string[]
}

/**
 * Records everything that our page must never do: failing scripts, scripts evaluated from text,
 * dialogs, violations of the content security policy.
 */
export interface Watched {
  /** One line for each. */
  troubles(): Promise<string[]>
}

/** Call it before the first navigation of the page. */
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

/** Headers that Chromium honours in secure contexts only; elsewhere it logs a message. */
const forSecureContexts =
  /Cross-Origin-Opener-Policy header has been ignored|requested an origin-keyed agent cluster/
