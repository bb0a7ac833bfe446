import type { Browser, Page } from 'puppeteer-core'

/** The part of puppeteer's own sessions that is needed to stop them from listening. */
interface Session {
  send(method: string, params?: object): Promise<unknown>
}

/**
 * Stops Firefox from reporting requests of any page. To report them it keeps the body of each, and
 * ESR 140.12 crashes when a request that is being sent starts again on another connection. Without
 * the reports it never did.
 */
export async function stopTellingOfRequests(browser: Browser): Promise<void> {
  const { connection } = browser as unknown as { connection: Session }
  await connection.send('session.unsubscribe', { events: ['network'] })
}

/**
 * Stops the driver from watching the requests of one page. For its events the browser keeps the
 * body of each request, in Chromium up to 200 MB of them, in Firefox all, which would falsify a
 * measurement of memory.
 */
export async function stopWatchingRequests(browser: Browser, page: Page): Promise<void> {
  if ('connection' in browser) return await stopTellingOfRequests(browser)
  const { _client: client } = page as unknown as { _client: () => Session }
  const sessions = [
    client.call(page),
    ...page.workers().map((worker) => worker.client as unknown as Session),
  ]
  for (const session of sessions) await session.send('Network.disable')
}
