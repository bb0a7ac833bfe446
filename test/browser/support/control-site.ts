import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Page } from 'puppeteer-core'
import type { OnionProxy } from './proxy.ts'
import { untilTrue } from './acts.ts'

export const controlHost = `${'b'.repeat(55)}d.onion`
export const controlUrl = `http://${controlHost}`
export const neighbourHost = `${'c'.repeat(55)}d.onion`

/**
 * A page that does everything the source's page must not do. A check that finds nothing here cannot
 * find anything elsewhere either.
 */
export interface ControlSite {
  close: () => Promise<void>
}

const page = `<!doctype html><meta charset=utf-8><title>control</title>
<img src="http://${neighbourHost}/pixel.png" alt=""><textarea id=kept></textarea>
<script>
addEventListener('load', async () => {
  const word = decodeURIComponent(location.hash.slice(1))
  document.cookie = 'word=' + encodeURIComponent(word) + '; max-age=100000'
  localStorage.setItem('word', word)
  await new Promise((resolve) => {
    const request = indexedDB.open('words', 1)
    request.onupgradeneeded = () => request.result.createObjectStore('words')
    request.onsuccess = () => {
      const writing = request.result.transaction('words', 'readwrite')
      writing.objectStore('words').put(word, 'word')
      writing.oncomplete = () => { request.result.close(); resolve() }
    }
  })
  await fetch('/cached?' + encodeURIComponent(word)).then((answer) => answer.text())
  document.title = 'stored'
})
</script>`

export async function openControlSite(proxy: OnionProxy): Promise<ControlSite> {
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', controlUrl)
    const isCached = url.pathname === '/cached'
    response.writeHead(200, {
      'content-type': isCached ? 'text/plain; charset=utf-8' : 'text/html; charset=utf-8',
      'cache-control': 'max-age=100000',
    })
    response.end(isCached ? `${decodeURIComponent(url.search.slice(1))} `.repeat(1000) : page)
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  proxy.addSite(controlHost, (server.address() as AddressInfo).port)
  return {
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/**
 * Writes `word` to every kind of storage in the profile, and requests an image from another origin.
 */
export async function leaveTraces(page: Page, word: string): Promise<void> {
  await page.goto(`${controlUrl}/#${encodeURIComponent(word)}`)
  await untilTrue(page, 'the control page to have stored', () => document.title === 'stored')
  await page.focus('#kept')
  await page.keyboard.type(word)
}
