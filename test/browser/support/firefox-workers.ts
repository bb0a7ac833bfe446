import type { Browser } from 'puppeteer-core'

/** As much of puppeteer's own connection as is needed to ask for what it has no words for. */
interface BidiConnection {
  send(method: string, params: object): Promise<{ result: unknown }>
}

/**
 * Takes away the listener that a BiDi session of Firefox 153 has on the workers of each process:
 * with it a worker that starts workers of its own hangs for ever in one start of twenty (none of
 * 900 without it, driven or not), and the page seals on such workers.
 */
export async function stopWatchingWorkers(browser: Browser): Promise<void> {
  const { connection } = browser as unknown as { connection: BidiConnection }
  const { result } = await connection.send('browsingContext.getTree', { 'moz:scope': 'chrome' })
  const [window] = (result as { contexts: { context: string }[] }).contexts
  await connection.send('script.evaluate', {
    expression: `ChromeUtils.unregisterProcessActor('WebDriverWorkerListener')`,
    awaitPromise: false,
    target: { context: window?.context ?? '' },
  })
}
