import type { Browser, Page } from 'puppeteer-core'

/** As much of puppeteer's own sessions as is needed to end what they listen to. */
interface Session {
  send(method: string, params?: object): Promise<unknown>
}

/**
 * Ends Firefox's telling of requests, for all its pages. For it the browser keeps the body of each,
 * and ESR 140.12 crashes when one that is being sent begins anew on another connection; without, it
 * never did.
 */
export async function stopTellingOfRequests(browser: Browser): Promise<void> {
  const { connection } = browser as unknown as { connection: Session }
  await connection.send('session.unsubscribe', { events: ['network'] })
}

/**
 * Ends the driver's watching of one page's requests: for its events the browser keeps the body of
 * each, in Chromium up to 200 MB of them, in Firefox all. Who measures memory would measure that.
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
