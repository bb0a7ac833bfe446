import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Browser, Page } from 'puppeteer-core'
import { launch } from 'puppeteer-core'
import { freePort, startSupervisor } from '../../test/supervise/start.ts'
import { badgesOf } from './badges.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const pictures = join(root, 'docs', 'pictures')
const phone = { width: 360, height: 640 }
const screen = { width: 1000, height: 700 }

const folder = mkdtempSync(join(tmpdir(), 'tumen-pictures-'))
const [port, opsPort] = [await freePort(), await freePort()]
const env = {
  TUMEN_DATA_DIR: join(folder, 'var'),
  TUMEN_KEYS_DIR: join(folder, 'keys'),
  TUMEN_LISTEN: `127.0.0.1:${port}`,
  TUMEN_OPS_LISTEN: `127.0.0.1:${opsPort}`,
  TUMEN_SWEEP_SECONDS: '1',
}

function tumen(...args: string[]): void {
  const { status, stderr } = spawnSync(join(root, 'bin', 'tumen.mjs'), args, {
    cwd: folder,
    env: { ...process.env, ...env },
    encoding: 'utf8',
  })
  if (status !== 0) throw new Error(`tumen ${args[0]}: ${stderr}`)
}

const dayBefore = (days: number): string =>
  new Date(Date.now() - days * 86_400_000).toISOString().slice(0, 10)

/** Invented tips: days since the detention, a name, the place, and the narrative. */
const tips = [
  { days: 2, name: '김하늘', place: 'Shenyang', narrative: 'Taken from a rented flat at night.' },
  { days: 9, name: '리영희', place: 'Yanji', narrative: 'Stopped on a bus near the border.' },
  { days: 40, name: '王明', place: 'Dalian', narrative: 'No word since a police call.' },
]

function sealAndSend(): void {
  for (const { days, name, place, narrative } of tips) {
    const tip = {
      narrative,
      lang: 'en',
      persons: [{ names: [{ text: name }], status: 'held' }],
      event: { detained_when: dayBefore(days), where_taken: { text: place, country: 'CN' } },
    }
    writeFileSync(join(folder, 'tip.json'), JSON.stringify(tip))
    tumen('seal', '--tip', 'tip.json', '-o', `${days}.age`)
    tumen('send', `${days}.age`)
  }
}

async function drawPhone(page: Page): Promise<void> {
  await page.setViewport(phone)
  await page.goto(`http://127.0.0.1:${port}/en/`)
  await page.waitForSelector('#narrative')
  await page.type(
    '#narrative',
    'My sister and her son were taken this morning, at the bus station.',
  )
  await page.waitForSelector('[data-keyring="ready"]')
  await page.$eval('#narrative', (field) => field.closest('form')?.scrollIntoView())
  await page.screenshot({ path: join(pictures, 'page.png') })
  await page.click('label[for="consentChoice-ask_me"]')
  await page.click('#send')
  await page.waitForSelector('#has-receipt .receipt', { visible: true, timeout: 60_000 })
  await page.$eval('#has-receipt', (box) => box.scrollIntoView())
  await page.screenshot({ path: join(pictures, 'receipt.png') })
}

async function drawScreen(browser: Browser, url: string, name: string): Promise<void> {
  // A page with a receipt asks before it is closed, so each picture gets a page of its own.
  const page = await browser.newPage()
  await page.setViewport(screen)
  await page.goto(url, { waitUntil: 'domcontentloaded' })
  await page.screenshot({ path: join(pictures, name) })
}

mkdirSync(pictures, { recursive: true })
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Parameters<
  typeof badgesOf
>[0]
for (const [name, svg] of Object.entries(badgesOf(manifest)))
  writeFileSync(join(pictures, name), svg)

const run = await startSupervisor({ mains: [], dataDir: env.TUMEN_DATA_DIR, env })
await run.untilOutput('ready; Ctrl-C')
const browser = await launch({
  executablePath: '/usr/bin/chromium',
  args: ['--no-sandbox', '--lang=en', '--hide-scrollbars'],
})
try {
  sealAndSend()
  await drawPhone(await browser.newPage())
  await drawScreen(browser, `http://127.0.0.1:${opsPort}/`, 'dashboard.png')
  tumen('export', 'stick', '--all')
  tumen('open', 'stick', '-i', 'var/demo/demo.identity', '--casebook', 'casebook')
  await drawScreen(browser, `file://${join(folder, 'casebook', 'index.html')}`, 'casebook.png')
} finally {
  await browser.close()
  run.child.kill('SIGTERM')
  await run.exit
  rmSync(folder, { recursive: true, force: true })
}
