import { spawnSync } from 'node:child_process'
import { cp, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { newestRepliesName, pathBelow, repliesPath } from '../../src/wire/names.ts'
import { until } from '../supervise/start.ts'
import { chooseFiles, click, untilThere } from './support/acts.ts'
import { photograph } from './support/artefacts.ts'
import { browserNames, isInstalled } from './support/installed.ts'
import { launch, phone, type Launched } from './support/launch.ts'
import { pictureWithPlace } from './support/pictures.ts'
import { quick } from './support/quick-tip.ts'
import { startSite, type Site } from './support/site.ts'
import {
  fillIn,
  goToSourcePage,
  hooks,
  send,
  type SourcePage,
  untilFilesReady,
  untilReceipt,
  untilSays,
} from './support/source-page.ts'

/** The server gets another build while a page is open: each of its files has another name. */

const newestPath = pathBelow(repliesPath, newestRepliesName)
const needed = ['src', 'scripts', 'config', 'vite.config.ts', 'package.json', 'package-lock.json']

let checkout = ''
let site: Site

const built = (build: string): string => join(checkout, build)
const served = (): string => join(checkout, 'dist', 'page')

beforeAll(async () => {
  checkout = await mkdtemp(join(tmpdir(), 'tumen-builds-'))
  for (const name of needed) await cp(name, join(checkout, name), { recursive: true })
  await symlink(join(process.cwd(), 'node_modules'), join(checkout, 'node_modules'))
  await cp('dist/page', built('first'), { recursive: true })
  await buildLater()
  await cp(built('first'), served(), { recursive: true })
  site = await startSite({ intake: join(checkout, 'src', 'server', 'main.ts') })
}, 120_000)
afterAll(async () => {
  await site?.close()
  await rm(checkout, { recursive: true, force: true })
})

/**
 * Builds the page again, with other names for the files of the page, and with a comment in those of
 * the workers, which changes their names.
 */
async function buildLater(): Promise<void> {
  const config = join(checkout, 'vite.config.ts')
  const banner = `rolldownOptions: { output: { banner: '/*! a later build */' } }`
  const text = await readFile(config, 'utf8')
  const changed = text
    .replace(`format: 'es',`, `format: 'es', ${banner},`)
    .replaceAll('-[hash].js', '-[hash]b.js')
  await writeFile(config, changed)
  const vite = join(checkout, 'node_modules', 'vite', 'bin', 'vite.js')
  const { status, stderr } = spawnSync(
    process.execPath,
    [vite, 'build', '--outDir', built('later'), '--logLevel', 'warn'],
    { cwd: checkout, encoding: 'utf8' },
  )
  expect(status, stderr).toBe(0)
}

let current = 'first'

async function serve(build: 'first' | 'later'): Promise<void> {
  if (build === current) return
  current = build
  await rm(served(), { recursive: true, force: true })
  await cp(built(build), served(), { recursive: true })
  await site.killIntake()
}

const hashedNames = async (build: string): Promise<string[]> =>
  (await readdir(join(built(build), 'assets'))).filter((name) => /-[\w-]{8}b?\.js$/.test(name))

describe('the later build', () => {
  it('has no file of the first one, apart from those that the HTML names', async () => {
    const later = await hashedNames('later')
    expect(later.length).toBeGreaterThan(10)
    expect((await hashedNames('first')).filter((name) => later.includes(name))).toEqual([])
  })
})

describe.each(browserNames.filter(isInstalled))('a page of the first build, in %s', (browser) => {
  let launched: Launched
  /** Open pages; the last two have not got one part of the code yet. */
  let whole: SourcePage
  let withoutDeferred: SourcePage
  let withoutRest: SourcePage
  beforeAll(async () => {
    launched = await launch({ browser, level: 'standard', proxyAddress: site.proxy.address })
    await serve('first')
    const first = site.proxy.exchanges.length
    whole = await openFilled()
    // Answers are asked for last, once everything else has come.
    await until(
      () => site.proxy.exchanges.slice(first).some(({ target }) => target.endsWith(newestPath)),
      () => 'the newest answers to be asked for',
      60_000,
    )
    withoutDeferred = await openWithout('deferred')
    withoutRest = await openWithout('rest-of-worker')
    await serve('later')
  }, 240_000)
  afterAll(() => launched?.dispose())

  const narrativeOf = ({ page }: SourcePage): Promise<string> =>
    page.$eval(hooks.narrative, (field) => (field as HTMLTextAreaElement).value)

  async function openFilled(): Promise<SourcePage> {
    const source = await goToSourcePage(await launched.newPage(phone), 'en')
    source.page.on('dialog', (dialog) => void dialog.accept().catch(() => undefined))
    await untilThere(source.page, hooks.keyringReady)
    await fillIn(source, quick)
    return source
  }

  async function openWithout(part: string): Promise<SourcePage> {
    site.proxy.block((path) => path.startsWith(`/assets/${part}-`))
    const source = await openFilled()
    site.proxy.block(null)
    return source
  }

  it('stays in its language and sends a tip if it had loaded everything', async () => {
    const { page, words } = whole
    await page.bringToFront()
    await click(page, '.languages a[hreflang="ko"]')
    await untilSays(page, words.form.languageFailed)
    expect(await narrativeOf(whole)).toBe(quick.narrative)
    const photo = site.at(`replaced-${browser}.jpg`)
    await writeFile(photo, pictureWithPlace())
    await chooseFiles(page, hooks.files, photo)
    await untilFilesReady(page, 1)
    await send(whole)
    const receipt = await untilReceipt(whole)
    await site.untilStored(receipt)
    expect((await site.openTip(receipt)).tip).toMatchObject({
      narrative: quick.narrative,
      attachments: [{ metadata: 'removed' }],
    })
  }, 120_000)

  it('names its age as the reason where a part had not been loaded, and keeps the text', async () => {
    for (const source of [withoutDeferred, withoutRest]) {
      const { page, words } = source
      await page.bringToFront()
      await send(source)
      if (source === withoutDeferred) await untilSays(page, words.form.more.failed)
      else await untilThere(page, '[data-failure="NOT_LOADED"]')
      await photograph(page, `replaced-${source === withoutRest ? 'rest' : 'deferred'}-${browser}`)
      expect(await narrativeOf(source)).toBe(quick.narrative)
    }
  }, 120_000)

  it('is the page of the server once it is loaded again', async () => {
    const again = await goToSourcePage(withoutRest.page, 'en')
    await untilThere(again.page, hooks.keyringReady)
    await fillIn(again, quick)
    await send(again)
    expect(await untilReceipt(again)).toMatch(/^[0-9a-f]{64}$/)
  }, 120_000)
})
