import { existsSync, lstatSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { redisUrlOf } from '../../../config/private-redis.ts'
import type { Settings } from '../../../config/settings.ts'
import { checkClock } from '../../doctor/clock.ts'
import { checkCoreDumps } from '../../doctor/core-dumps.ts'
import { checkDisk } from '../../doctor/disk.ts'
import { checkEntropy } from '../../doctor/entropy.ts'
import { checkFileSystem } from '../../doctor/file-system.ts'
import { doubtful, type Finding, type Places, well } from '../../doctor/finding.ts'
import { checkKeyring } from '../../doctor/keyring.ts'
import { checkListeners } from '../../doctor/listeners.ts'
import { checkLogs } from '../../doctor/logs.ts'
import { checkNode, checkPage } from '../../doctor/program.ts'
import { checkPrograms } from '../../doctor/programs.ts'
import { askRedisFacts, checkRedis } from '../../doctor/redis.ts'
import { checkRedisConf } from '../../doctor/redis-conf.ts'
import { checkRights } from '../../doctor/rights.ts'
import { checkSwap } from '../../doctor/swap.ts'
import { checkTor } from '../../doctor/tor.ts'
import { keyringFileName } from '../../keyring/load.ts'
import { issuedDay, lastLedgerDay } from './doctor.ts'
import type { Way, WayName } from './ways-to-run.ts'
import { withRedis } from '../server/with-redis.ts'

const pageDir = fileURLToPath(new URL('../../../dist/page', import.meta.url))
const redisConf = fileURLToPath(new URL('../../../config/redis.conf', import.meta.url))

export interface SetupFinding extends Finding {
  /**
   * How Tumen deals with a bad finding by itself; null: a person must fix it before setup can
   * continue.
   */
  readonly mended: string | null
}

export interface Examined {
  readonly name: WayName
  readonly way: Way
  readonly settings: Settings
  /** `YYYY-MM-DD`, UTC. */
  readonly day: string
  readonly places: Places & { log: string }
}

export function isInTheWay({ level, mended }: SetupFinding): boolean {
  return level === 'bad' && mended === null
}

/** Runs the checks of `tumen doctor` that are possible before Tumen runs. */
export async function examineBefore(examined: Examined): Promise<SetupFinding[]> {
  const { way, places, settings } = examined
  const coreDumps = await checkCoreDumps(places)
  return [
    ...[checkNode(process.versions.node), ...(await checkPrograms(way.programs))].map(asItIs),
    ...(await examineData(examined)).map(asItIs),
    asItIs(await checkSwap(places)),
    { ...coreDumps, mended: coreDumps.level === 'bad' ? way.coreDumps : null },
    ...[await checkEntropy(places), await checkLogs({ logDir: places.log })].map(asItIs),
    asItIs(await examineKeyring(examined)),
    ...(await examineRedis(examined)).map(asItIs),
    ...(await examineTor(examined)).map(asItIs),
    ...examineListeners(settings),
  ]
}

function examineListeners(settings: Settings): SetupFinding[] {
  const token = settings.opsTokenFile
  if (token === null || existsSync(token)) return checkListeners(settings).map(asItIs)
  return checkListeners({ ...settings, opsTokenFile: null }).map(asItIs)
}

function asItIs(finding: Finding): SetupFinding {
  return { ...finding, mended: null }
}

async function examineData({ name, way, settings, day, places }: Examined): Promise<Finding[]> {
  const { reserveBytes } = settings
  // In containers it is a volume, which cannot be checked from outside.
  const dataDir = name === 'compose' ? null : settings.dataDir
  const isThere = dataDir !== null && existsSync(dataDir)
  const disk = checkDisk({
    dir: nearestFolder(isThere ? dataDir : way.dataDir === null ? settings.dataDir : way.diskDir),
    reserveBytes,
  })
  const clock = await checkClock({
    today: day,
    lastLedgerDay: isThere ? await lastLedgerDay(dataDir) : null,
    issued: await issuedDay(way.keysDir),
    places,
  })
  const page = name === 'systemd' ? [await checkPage(pageDir)] : []
  if (!isThere)
    return [disk, well('rights', "the data folder is made for Tumen's user alone"), clock, ...page]
  const rights = await checkRights({ dataDir, keysDir: way.keysDir, uid: lstatSync(dataDir).uid })
  return [disk, rights, await checkFileSystem(dataDir), clock, ...page]
}

/**
 * Checks the keyring. Without one nothing starts, so the settings may be written before the
 * ceremony.
 */
async function examineKeyring({ name, way, day }: Examined): Promise<Finding> {
  if (existsSync(join(way.keysDir, keyringFileName)))
    return await checkKeyring({ keysDir: way.keysDir, day, isPublic: false })
  return name === 'hand'
    ? doubtful(
        'keyring',
        `${way.keysDir} holds none; the start makes a DEMO of it`,
        'hold the ceremony first (keys/README.md); never take in a real tip with a demo',
      )
    : doubtful(
        'keyring',
        `${way.keysDir} holds none; nothing starts without it`,
        'hold the ceremony (keys/README.md) and put its for-server/ there',
      )
}

async function examineRedis({ name, settings }: Examined): Promise<Finding[]> {
  const url = redisUrlOf(settings)
  const facts =
    name === 'compose'
      ? null
      : await withRedis(url, (redis) => askRedisFacts(redis).catch(() => null))
  return facts === null ? [await checkRedisConf(redisConf)] : checkRedis(facts)
}

async function examineTor({ name, settings }: Examined): Promise<Finding[]> {
  if (name === 'hand')
    return await checkTor({ onionSocket: settings.onionSocket, hostnameFile: null })
  return [well('tor', name === 'compose' ? 'comes in its own container' : 'is run as tumen-tor')]
}

function nearestFolder(path: string): string {
  for (let folder = path; ; folder = dirname(folder))
    if (existsSync(folder) || folder === '/') return folder
}
