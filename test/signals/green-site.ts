import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'vitest'
import { formatAcknowledgement, signAcknowledgement } from '../../src/carry/acknowledgement.ts'
import { parseSecretKey } from '../../src/keyring/minisign.ts'
import { dayOfInstant } from '../../src/time/day.ts'
import { runTumen } from '../cli/support/run-tumen.ts'
import { ask, rawPost } from '../durability/support/ask.ts'
import type { Unit } from '../faults/site.ts'
import { until } from '../supervise/start.ts'
import { makeEnvelope } from '../workers/envelopes.ts'
import { openWatchedSite, type WatchedOptions, type WatchedSite } from './watched-site.ts'

interface Told {
  ready: boolean
  problems: Array<{ code: string; wayOut: string }>
}

export async function readyz({ port }: WatchedSite): Promise<Told> {
  return (await (await fetch(`http://127.0.0.1:${port}/readyz`)).json()) as Told
}

export async function startGreen(options: WatchedOptions = {}): Promise<WatchedSite> {
  const site = await openWatchedSite(options)
  await untilGreen(site)
  return site
}

/** Waits until the site is ready and no problem is left. */
export async function untilGreen(site: WatchedSite): Promise<void> {
  for (const code of ['WORKER_MISSING', 'INTAKE_MISSING'])
    await site.untilTold(code, { isGone: true })
  let told = ''
  await until(
    async () => {
      const answer = await readyz(site)
      told = answer.problems.map(({ code }) => code).join()
      return answer.ready && told === ''
    },
    () => `no problem to be left, told: ${told}`,
    60_000,
  )
}

/** The commands of one program in the text of /readyz about a problem. */
export async function commandsFor(
  site: WatchedSite,
  code: string,
  program: string,
): Promise<string[]> {
  await site.untilTold(code)
  const { wayOut = '' } = (await readyz(site)).problems.find((one) => one.code === code) ?? {}
  const commands = [...wayOut.matchAll(/`([^`]+)`/g)].map(([, command = '']) => command)
  return commands.filter((command) => command.startsWith(`${program} `))
}

/** Waits for a problem, does what its way out says, and waits until no problem is left. */
export async function walk(
  site: WatchedSite,
  code: string,
  wayOut: () => Promise<unknown>,
): Promise<void> {
  await site.untilTold(code)
  await wayOut()
  await site.untilTold(code, { isGone: true })
  await untilGreen(site)
}

export async function restart(unit: Unit): Promise<void> {
  await unit.kill()
  unit.start()
  await unit.untilReady()
}

/** Sends a tip and waits until it is in the vault. */
export async function storeOne(site: WatchedSite): Promise<{ path: string }> {
  const { bytes, receipt } = makeEnvelope()
  expect(await ask(site.socket, rawPost(bytes))).toMatchObject({ status: 201 })
  const path = join(site.dataDir, 'sealed', `${receipt}.age`)
  const ledger = join(site.dataDir, 'ledger.jsonl')
  const hasLine = async () => (await readFile(ledger, 'utf8').catch(() => '')).includes(receipt)
  await expect.poll(hasLine, { timeout: 20_000 }).toBe(true)
  return { path }
}

const stickOf = (site: WatchedSite): string => join(site.deskDir, 'stick')

/** @param env settings of the command besides those of the site. @returns the exported receipts. */
export async function exportTips(
  site: WatchedSite,
  env: Record<string, string> = {},
): Promise<string[]> {
  const key = await readFile(join(site.deskDir, 'export.key'))
  await writeFile(join(site.dataDir, 'export.key'), key, { mode: 0o600 })
  await tumen(site, ['export', stickOf(site)], env)
  const sums = await readFile(join(stickOf(site), 'SHA256SUMS'), 'utf8')
  return [...sums.matchAll(/([0-9a-f]{64})\.age$/gm)].map(([, receipt = '']) => receipt)
}

/** The desk, as far as the server can see it: a signed list of the tips it has opened. */
export async function acknowledgeTips(
  site: WatchedSite,
  receipts: string[],
  { now = new Date(), env = {} }: { now?: Date; env?: Record<string, string> } = {},
): Promise<void> {
  const acknowledgement = { day: dayOfInstant(now), receipts }
  const bytes = formatAcknowledgement(acknowledgement)
  const key = parseSecretKey(await readFile(join(site.deskDir, 'demo', 'desk.key'), 'utf8'))
  const path = join(stickOf(site), 'acknowledgement.json')
  await writeFile(path, bytes)
  await writeFile(`${path}.minisig`, signAcknowledgement(bytes, key, acknowledgement))
  await tumen(site, ['acknowledge', stickOf(site)], env)
}

export async function tumen(
  site: WatchedSite,
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<string> {
  const { status, stdout, stderr } = await runTumen(site.deskDir, args, {
    TUMEN_DATA_DIR: site.dataDir,
    TUMEN_KEYS_DIR: site.keysDir,
    TUMEN_REDIS_URL: site.redis.url,
    TUMEN_OPS_LISTEN: `127.0.0.1:${site.port}`,
    TUMEN_SWEEP_SECONDS: '1',
    TUMEN_RESERVE_BYTES: '0',
    ...env,
  })
  expect(status, stderr).toBe(0)
  return stdout
}
