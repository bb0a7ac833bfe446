import { once } from 'node:events'
import { rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { onTestFinished } from 'vitest'
import { loadSettings } from '../../config/settings.ts'
import { generateIdentity } from '../../src/age/keys.ts'
import { loadSodiumPrimitives } from '../../src/age/sodium.ts'
import type { CanaryNotes } from '../../src/canary/notes.ts'
import { createDemoCeremony } from '../../src/keyring/demo.ts'
import { createPublicWay } from '../../src/ops/canary/public-way.ts'
import { type RunningCanary, startCanary } from '../../src/ops/canary/start.ts'
import { listenForOps } from '../../src/ops/listen.ts'
import { type OpsOptions, startOps } from '../../src/ops/start.ts'
import type { BlobStore } from '../../src/store/blob-store.ts'
import { systemClock } from '../../src/time/clock.ts'
import { addDays, dayOfInstant } from '../../src/time/day.ts'
import { openSite, type Site } from '../faults/site.ts'

/**
 * The interval in config/prometheus/prometheus.yml. A signal must be right by the second scrape.
 */
export const scrapeMs = 15_000

const stepSeconds = 1

/** Less than a minute, the unit of the real setting. */
const canarySeconds = 1

export interface WatchedSite extends Site {
  port: number
  codes(): Promise<string[]>
  /**
   * Polls until a problem is reported (with `isGone`: no longer reported); returns how long that
   * took. @throws after two scrapes.
   */
  untilTold(code: string, options?: { isGone?: boolean }): Promise<number>
}

export type WatchedOptions = Parameters<typeof openSite>[0] & {
  hasCanary?: boolean
  /** How long a canary is waited for. */
  canaryPatienceMs?: number
  ops?: Partial<Pick<OpsOptions, 'clock' | 'seams' | 'startNotify'>>
}

/** Intake, worker and Redis as in production, watched by an ops with short publication steps. */
export async function openWatchedSite(options: WatchedOptions = {}): Promise<WatchedSite> {
  const site = await openSite(options)
  onTestFinished(() => site.dispose())
  const settings = loadSettings({
    TUMEN_DATA_DIR: site.dataDir,
    TUMEN_KEYS_DIR: site.keysDir,
    TUMEN_REDIS_URL: site.redis.url,
    TUMEN_RESERVE_BYTES: options.env?.TUMEN_RESERVE_BYTES ?? '0',
  })
  for (const unit of [site.intake, site.worker]) unit.start()
  for (const unit of [site.intake, site.worker]) await unit.untilReady()
  const ops = await startOps({
    settings,
    clock: systemClock,
    stepMinutes: stepSeconds / 60,
    longMinutes: 3 / 60,
    ...(options.hasCanary && {
      startCanary: (parts) =>
        startFrequentCanary(site, { ...parts, patienceMs: options.canaryPatienceMs ?? 5_000 }),
    }),
    ...options.ops,
  })
  const server = await listenForOps(ops.app, { host: '127.0.0.1', port: 0 })
  onTestFinished(async () => {
    ops.stop()
    server.closeAllConnections()
    server.close()
    await once(server, 'close')
  })
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  const codes = async (): Promise<string[]> => {
    const { problems } = (await (await fetch(`http://127.0.0.1:${port}/readyz`)).json()) as {
      problems: Array<{ code: string }>
    }
    return problems.map(({ code }) => code)
  }
  return {
    ...site,
    port,
    codes,
    async untilTold(code, { isGone = false } = {}) {
      const beganMs = performance.now()
      let seen: string[] = []
      while (performance.now() - beganMs < 2 * scrapeMs) {
        seen = await codes()
        if (seen.includes(code) !== isGone) return performance.now() - beganMs
        await sleep(100)
      }
      throw new Error(
        `${code} ${isGone ? 'still there' : 'not told'} within two scrapes: ${seen.join(', ') || 'nothing'}`,
      )
    },
  }
}

async function startFrequentCanary(
  { socket, keysDir }: Site,
  parts: { store: BlobStore; notes: CanaryNotes; patienceMs: number },
): Promise<RunningCanary> {
  const newVisitor = createPublicWay({
    listen: { path: socket },
    onionAddress: null,
    torSocks: null,
    torDir: null,
  })
  if (newVisitor === null) throw new Error('the canary found no way to the socket')
  const primitives = await loadSodiumPrimitives()
  return await startCanary(
    {
      ...parts,
      intervalMs: canarySeconds * 1000,
      primitives,
      identity: generateIdentity(primitives, 'hybrid'),
      keysDir,
      newVisitor,
      clock: systemClock,
    },
    parts.notes,
  )
}

/** How long a demo keyring is valid. */
export const demoDays = 365

/** Replaces the keyring with one from a ceremony so long ago that `daysLeft` days remain. */
export async function replaceKeyring(site: WatchedSite, daysLeft: number): Promise<void> {
  await rm(site.keysDir, { recursive: true })
  await createDemoCeremony({
    keysDir: site.keysDir,
    dataDir: join(dirname(site.socket), `desk${daysLeft}`),
    day: addDays(dayOfInstant(new Date()), daysLeft - demoDays),
    primitives: await loadSodiumPrimitives(),
  })
}
