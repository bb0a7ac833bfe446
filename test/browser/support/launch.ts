import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import puppeteer from 'puppeteer-core'
import type { Browser, Page } from 'puppeteer-core'
import { firefoxPrefs } from './firefox-prefs.ts'
import { stopWatchingWorkers } from './firefox-workers.ts'
import type { BrowserName } from './installed.ts'
import { programOf } from './installed.ts'
import { stopTellingOfRequests } from './unwatched.ts'

/** Tor Browser's security levels. */
export type Level = 'standard' | 'safer' | 'safest'

export interface LaunchOptions {
  browser: BrowserName
  level: Level
  /** `host:port` of the proxy, through which all traffic goes. */
  proxyAddress: string
  /** The proxy is tor's SOCKS port (Firefox only). */
  isTor?: boolean
  isDark?: boolean
  /**
   * The driver does not observe requests, so that the browser behaves as without a driver (Firefox
   * only).
   */
  isUnwatched?: boolean
  /** Folder where downloads are saved without asking. */
  downloadDir?: string
  /** More preferences for one test (Firefox only). */
  prefs?: Record<string, string | number | boolean>
}

/** A running browser with its own profile, which can be searched after the browser has quit. */
export interface Launched {
  readonly browser: Browser
  readonly profileDir: string
  newPage(size?: Size): Promise<Page>
  /** Quits the browser normally, as a person would, and keeps the profile. */
  quit(): Promise<void>
  /** Quits the browser if it is running, and removes the profile. */
  dispose(): Promise<void>
}

export interface Size {
  width: number
  height: number
}

export const phone: Size = { width: 360, height: 740 }
export const desktop: Size = { width: 1280, height: 900 }

/** Creating a profile on two busy cores takes a while. */
const startTimeoutMs = 60_000

export async function launch(options: LaunchOptions): Promise<Launched> {
  const profileDir = await mkdtemp(join(tmpdir(), `tumen-${options.browser}-`))
  const browser = await (options.browser === 'firefox'
    ? launchFirefox(options, profileDir)
    : launchChromium(options, profileDir))
  let isOver = false
  const quit = async (): Promise<void> => {
    if (isOver) return
    isOver = true
    await browser.close()
  }
  return {
    browser,
    profileDir,
    quit,
    async newPage(size = desktop) {
      const page = await browser.newPage()
      if (options.browser === 'firefox') withoutOrientation(page)
      await page.setViewport(size)
      return page
    },
    async dispose() {
      await quit()
      await rm(profileDir, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 })
    },
  }
}

async function launchFirefox(options: LaunchOptions, profileDir: string): Promise<Browser> {
  const { level, proxyAddress, isTor = false, isDark = false } = options
  const browser = await puppeteer.launch({
    args: ['--remote-allow-system-access'],
    // newPage, below, sets the size of each page.
    defaultViewport: null,
    browser: 'firefox',
    executablePath: programOf('firefox'),
    headless: true,
    timeout: startTimeoutMs,
    userDataDir: profileDir,
    // Without a UTF-8 locale, as in a bare environment, Firefox cannot read a file with a Korean
    // name. A release build ignores the remote-settings server from the preferences (here: none)
    // unless MOZ_REMOTE_SETTINGS_DEVTOOLS is set.
    env: { ...process.env, LC_ALL: 'C.UTF-8', MOZ_REMOTE_SETTINGS_DEVTOOLS: '1' },
    extraPrefsFirefox: {
      ...firefoxPrefs({ level, proxyAddress, isTor, isDark }),
      ...downloadPrefs(options),
      ...options.prefs,
    },
  })
  await stopWatchingWorkers(browser)
  if (options.isUnwatched === true) await stopTellingOfRequests(browser)
  return browser
}

/**
 * Firefox ESR 140 can set the size of a window but not its orientation, and puppeteer treats the
 * call as failed altogether.
 */
function withoutOrientation(page: Page): void {
  const setViewport = page.setViewport.bind(page)
  page.setViewport = async (viewport) => {
    await setViewport(viewport).catch((error: unknown) => {
      if (!String(error).includes('unknown command emulation.setScreenOrientationOverride'))
        throw error
    })
  }
}

function downloadPrefs({ downloadDir }: LaunchOptions): Record<string, string | number | boolean> {
  if (downloadDir === undefined) return {}
  return {
    'browser.download.folderList': 2,
    'browser.download.dir': downloadDir,
    'browser.download.useDownloadDir': true,
    'browser.download.always_ask_before_handling_new_types': false,
  }
}

function launchChromium(options: LaunchOptions, profileDir: string): Promise<Browser> {
  return puppeteer.launch({
    ...(options.downloadDir === undefined
      ? {}
      : { downloadBehavior: { policy: 'allow' as const, downloadPath: options.downloadDir } }),
    browser: 'chrome',
    executablePath: programOf('chromium'),
    headless: true,
    timeout: startTimeoutMs,
    userDataDir: profileDir,
    args: [
      ...chromiumFlags,
      ...levelFlags[options.level],
      `--proxy-server=http://${options.proxyAddress}`,
      ...(options.isDark === true ? ['--blink-settings=preferredColorScheme=0'] : []),
    ],
  })
}

const chromiumFlags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-domain-reliability',
  '--disable-default-apps',
  '--no-pings',
  '--allow-browser-signin=false',
  '--disable-extensions',
  '--check-for-update-interval=31536000',
  // Loopback also goes through the proxy, and no name is resolved locally.
  '--proxy-bypass-list=<-loopback>',
  '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1',
  '--disable-features=HttpsUpgrades,NetworkTimeServiceQuerying,HttpsFirstBalancedModeAutoEnable,OptimizationHints,MediaRouter,Translate,CertificateTransparencyComponentUpdater',
  '--force-prefers-reduced-motion',
]

const levelFlags: Readonly<Record<Level, readonly string[]>> = {
  standard: [],
  // This also disables WebAssembly, in pages and workers.
  safer: ['--js-flags=--jitless'],
  safest: ['--blink-settings=scriptEnabled=false'],
}
