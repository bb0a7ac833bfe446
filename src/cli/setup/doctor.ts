import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { isPublic } from '../../../config/public-address.ts'
import { redisUrlOf } from '../../../config/private-redis.ts'
import { type Settings, SettingsError } from '../../../config/settings.ts'
import { checkClock } from '../../doctor/clock.ts'
import { checkCoreDumps } from '../../doctor/core-dumps.ts'
import { checkDataFolder } from '../../doctor/data-folder.ts'
import { checkDisk, type DaysLeft } from '../../doctor/disk.ts'
import { checkEntropy } from '../../doctor/entropy.ts'
import { checkFileSystem } from '../../doctor/file-system.ts'
import { type Finding, realPlaces, well, wrong } from '../../doctor/finding.ts'
import { checkKeyring } from '../../doctor/keyring.ts'
import { checkLedger } from '../../doctor/ledger.ts'
import { checkListeners } from '../../doctor/listeners.ts'
import { checkLogs } from '../../doctor/logs.ts'
import { checkOrganisation } from '../../doctor/organisation.ts'
import { checkProcesses } from '../../doctor/processes.ts'
import { checkNode, checkPage } from '../../doctor/program.ts'
import { askRedisFacts, checkRedis } from '../../doctor/redis.ts'
import { checkReplies } from '../../doctor/replies.ts'
import { checkRights } from '../../doctor/rights.ts'
import { checkStore } from '../../doctor/store.ts'
import { checkSwap } from '../../doctor/swap.ts'
import { checkTor } from '../../doctor/tor.ts'
import { loadSignedKeyring } from '../../keyring/load.ts'
import { readHeartbeats } from '../../queue/heartbeat.ts'
import { isDraining } from '../../store/drain-marker.ts'
import { createLedgerCheck } from '../../ledger/follow.ts'
import { daysUntilFull, readArrivals, soonest } from '../../ledger/fill-rate.ts'
import { readLastDay } from '../../ledger/read.ts'
import { defineCommand } from '../frame/command.ts'
import type { CliContext } from '../frame/context.ts'
import { printJson, printLine, resolvePath } from '../frame/context.ts'
import { today } from '../frame/keyring-folder.ts'
import { askOps } from '../server/status.ts'
import { withRedis } from '../server/with-redis.ts'

const pageDir = fileURLToPath(new URL('../../../dist/page', import.meta.url))

export const command = defineCommand({
  name: 'doctor',
  summary: 'check settings, permissions, clock, disk, Redis, tor and keyring, and advise',
  usage: '[--hostname FILE] [--json]',
  help: `Run it on the server, as the user Tumen runs as and with the same settings.
Prints one line for each check: ok, warn or bad. Exit status 0: nothing is bad. 1: something is.`,
  options: {
    hostname: {
      type: 'string',
      value: 'FILE',
      about: "tor's hostname file, which is checked as well",
    },
    json: { type: 'boolean', about: 'print JSON' },
  },
  positionals: { min: 0, max: 0 },
  async run(context, values) {
    const hostnameFile =
      values.hostname === undefined ? null : resolvePath(context, values.hostname)
    const findings = await examine(context, hostnameFile)
    if (values.json === true) printJson(context, findings)
    else for (const finding of findings) printFinding(context, finding)
    return findings.some(({ level }) => level === 'bad') ? 1 : 0
  },
})

/** Runs every check. If the settings cannot be read, that is the only finding. */
export async function examine(
  context: CliContext,
  hostnameFile: string | null,
): Promise<Finding[]> {
  let settings: Settings
  try {
    settings = await context.settings()
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error
    return error.problems.map(({ name, text }) =>
      wrong('settings', `${name} ${text}`, 'docs/settings.md lists what each setting takes'),
    )
  }
  return [
    well('settings', 'all can be read'),
    ...(await examineMachine(context, settings)),
    ...(await examineService(context, settings, hostnameFile)),
  ]
}

async function examineMachine(context: CliContext, settings: Settings): Promise<Finding[]> {
  const { dataDir, keysDir, reserveBytes } = settings
  const unusable = await checkDataFolder(dataDir)
  const isUsable = unusable === null
  const filling = isUsable ? { daysLeft: await daysLeftIn(context, dataDir) } : {}
  return [
    checkNode(process.versions.node),
    await checkRights({ dataDir, keysDir, uid: process.getuid?.() ?? 0 }),
    ...(isUsable ? [] : [unusable]),
    checkDisk({ dir: dataDir, reserveBytes, ...filling }),
    await checkFileSystem(dataDir),
    await checkClock({
      today: today(context),
      lastLedgerDay: isUsable ? await lastLedgerDay(dataDir) : null,
      issued: await issuedDay(keysDir),
      places: realPlaces,
    }),
    ...(isUsable ? [checkLedger(await isLedgerWhole(dataDir))] : []),
    await checkSwap(realPlaces),
    await checkCoreDumps(realPlaces),
    await checkEntropy(realPlaces),
    await checkLogs({ logDir: '/var/log' }),
  ]
}

async function examineService(
  context: CliContext,
  settings: Settings,
  hostnameFile: string | null,
): Promise<Finding[]> {
  const { dataDir, keysDir, onionSocket } = settings
  return await withRedis(redisUrlOf(settings), async (redis) => {
    const facts = await askRedisFacts(redis).catch(() => null)
    const heartbeats = await readHeartbeats(redis).catch(() => null)
    const isOpsUp = await askOps(settings, '/livez').then(
      (text) => text.trim() === 'ok',
      () => false,
    )
    return [
      await checkKeyring({ keysDir, day: today(context), isPublic: isPublic(settings) }),
      await checkOrganisation(keysDir),
      ...(await checkReplies({ dataDir, keysDir, day: today(context) })),
      ...checkRedis(facts),
      ...(await checkStore(settings)),
      checkProcesses({ heartbeats, isOpsUp, isDraining: isDraining(dataDir) }),
      await checkPage(pageDir),
      ...checkListeners(settings),
      ...(await checkTor({ onionSocket, hostnameFile })),
    ]
  })
}

async function daysLeftIn({ clock }: CliContext, dataDir: string): Promise<DaysLeft> {
  const arrivals = await readArrivals(join(dataDir, 'ledger.jsonl')).catch(() => null)
  if (arrivals === null) return () => null
  const { bytes, files } = arrivals
  return (freeBytes, freeFiles) =>
    soonest(
      daysUntilFull(freeBytes, bytes, clock.now()),
      freeFiles === null ? null : daysUntilFull(freeFiles, files, clock.now()),
    )
}

async function isLedgerWhole(dataDir: string): Promise<boolean | null> {
  return await createLedgerCheck(join(dataDir, 'ledger.jsonl'))
    .isWhole()
    .catch(() => null)
}

export async function lastLedgerDay(dataDir: string): Promise<string | null> {
  return await readLastDay(join(dataDir, 'ledger.jsonl')).catch(() => null)
}

export async function issuedDay(keysDir: string): Promise<string | null> {
  return await loadSignedKeyring(keysDir).then(
    ({ keyring }) => keyring.issued,
    () => null,
  )
}

const nameWidth = 12

export function printFinding(
  context: Pick<CliContext, 'stdout'>,
  { check, level, says, wayOut }: Finding,
): void {
  printLine(context, `${level.padEnd(4)}  ${check.padEnd(nameWidth)} ${says}`)
  if (wayOut !== null) printLine(context, `${' '.repeat(6 + nameWidth)} to do: ${wayOut}`)
}
