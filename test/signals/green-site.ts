import { expect } from 'vitest'
import { runTumen } from '../cli/support/run-tumen.ts'
import { until } from '../supervise/start.ts'
import { openWatchedSite, type WatchedSite } from './watched-site.ts'

interface Told {
  ready: boolean
  problems: Array<{ code: string; wayOut: string }>
}

export async function readyz({ port }: WatchedSite): Promise<Told> {
  return (await (await fetch(`http://127.0.0.1:${port}/readyz`)).json()) as Told
}

export async function startGreen(
  options: Parameters<typeof openWatchedSite>[0] = {},
): Promise<WatchedSite> {
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

export async function tumen(site: WatchedSite, args: readonly string[]): Promise<string> {
  const { status, stdout, stderr } = await runTumen(site.deskDir, args, {
    TUMEN_DATA_DIR: site.dataDir,
    TUMEN_KEYS_DIR: site.keysDir,
    TUMEN_REDIS_URL: site.redis.url,
    TUMEN_OPS_LISTEN: `127.0.0.1:${site.port}`,
    TUMEN_SWEEP_SECONDS: '1',
    TUMEN_RESERVE_BYTES: '0',
  })
  expect(status, stderr).toBe(0)
  return stdout
}
