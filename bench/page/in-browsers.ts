import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { extname, join } from 'node:path'
import { build } from 'vite'
import type { BenchRow } from '../report.ts'
import type { BenchSite } from './site.ts'

const runs = [
  { browser: 'chromium', level: 'standard', name: 'Chromium' },
  { browser: 'chromium', level: 'safer', name: 'Chromium without JIT' },
  { browser: 'firefox', level: 'standard', name: 'Firefox' },
  { browser: 'firefox', level: 'safer', name: 'Firefox at Safer' },
] as const

/** @param input the page's module, which writes its figures to the document as JSON */
export async function measureInBrowsers<Figures>(
  site: BenchSite,
  input: string,
  rowsOf: (name: string, figures: Figures) => BenchRow[],
): Promise<BenchRow[]> {
  const bench = await serveBench(input)
  site.allow(new URL(bench.url).host)
  const rows: BenchRow[] = []
  try {
    for (const { name, ...options } of runs) {
      const launched = await site.open({ ...options, isSlow: false })
      try {
        const page = await launched.newPage()
        await page.goto(bench.url)
        await page.waitForFunction(() => document.title === 'done', { timeout: 300_000 })
        rows.push(
          ...rowsOf(
            name,
            JSON.parse(await page.evaluate(() => document.body.textContent ?? '{}')) as Figures,
          ),
        )
      } finally {
        await launched.dispose()
      }
    }
  } finally {
    await bench.close()
  }
  return rows
}

const types: Readonly<Record<string, string>> = { '.js': 'text/javascript', '.html': 'text/html' }

/**
 * Opens a page of the bench, which writes its figures to the document as JSON. On loopback, because
 * only a secure context has the WebCrypto that it compares with.
 */
async function serveBench(input: string): Promise<{ url: string; close: () => Promise<void> }> {
  const outDir = await mkdtemp(join(tmpdir(), 'tumen-bench-'))
  await build({
    configFile: false,
    publicDir: false,
    logLevel: 'error',
    worker: { format: 'es' },
    build: {
      outDir,
      emptyOutDir: true,
      modulePreload: false,
      target: 'esnext',
      rolldownOptions: { input, output: { entryFileNames: 'bench.js' } },
    },
  })
  const server = createServer(async (request, response) => {
    const path = new URL(request.url ?? '/', 'http://x').pathname
    const body =
      path === '/'
        ? '<!doctype html><body><script type="module" src="/bench.js"></script>'
        : await readFile(join(outDir, path)).catch(() => null)
    response
      .writeHead(body === null ? 404 : 200, {
        'Content-Type': types[extname(path) || '.html'] ?? 'text/plain',
      })
      .end(body ?? '')
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    async close() {
      server.close()
      server.closeAllConnections()
      await rm(outDir, { recursive: true, force: true })
    },
  }
}
