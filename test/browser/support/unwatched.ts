import type { Browser, Page } from 'puppeteer-core'

/** As much of puppeteer's own sessions as is needed to end what they listen to. */
interface Session {
  send(method: string, params?: object): Promise<unknown>
}

/**
 * Ends the tool's watching of requests: for its events the browser keeps the body of each, in Chromium up to
 * 200 MB of them, in Firefox all. Who measures memory would measure that.
 */
export async function stopWatchingRequests(browser: Browser, page: Page): Promise<void> {
  if ('connection' in browser) {
    const { connection } = browser as unknown as { connection: Session }
    await connection.send('session.unsubscribe', { events: ['network'] })
    return
  }
  const { _client: client } = page as unknown as { _client(): Session }
  const sessions = [client.call(page), ...page.workers().map((worker) => worker.client as unknown as Session)]
  for (const session of sessions) await session.send('Network.disable')
}
