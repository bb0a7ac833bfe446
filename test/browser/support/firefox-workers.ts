import type { Browser } from 'puppeteer-core'

/** The part of puppeteer's own connection that is needed to send commands it has no methods for. */
interface BidiConnection {
  send(method: string, params: object): Promise<{ result: unknown }>
}

/**
 * Removes the listener that a BiDi session of Firefox 153 attaches to the workers of each process.
 * With it, a worker that starts workers of its own hangs forever in one start of twenty (in none of
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
