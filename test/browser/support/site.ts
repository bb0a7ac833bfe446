import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { runProgram, runTumen } from '../../cli/support/run-tumen.ts'
import type { Finished } from '../../cli/support/run-tumen.ts'
import {
  cleanUp,
  freePort,
  startSupervisor,
  temporaryFolder,
  until,
} from '../../supervise/start.ts'
import type { Started } from '../../supervise/start.ts'
import { digestsBelow, sha256OfFile } from '../../support/tree.ts'
import type { OnionProxy } from './proxy.ts'
import { openOnionProxy } from './proxy.ts'

/**
 * Supervisor, Redis, intake and worker as `npm start` runs them, behind the proxy that simulates
 * Tor.
 */
export interface Site {
  at: (...parts: string[]) => string
  /** URL of the intake itself, for programs that need no browser. */
  readonly url: string
  readonly proxy: OnionProxy
  readonly run: Started
  tumen(...args: string[]): Promise<Finished>
  /** Sends SIGKILL; resolves when the intake that the supervisor starts instead answers. */
  killIntake(): Promise<void>
  stateOf(receipt: string): Promise<string>
  untilStored(receipt: string): Promise<void>
  /** Exports the tip and opens it as the desk does. */
  openTip(receipt: string): Promise<OpenedTip>
  /** Receipts of all envelopes in the vault and the spool. */
  receipts(): Promise<string[]>
  /** Stops everything in order, as on a signal; the folders remain for inspection until `close`. */
  stop: () => Promise<void>
  close: () => Promise<void>
}

export interface OpenedTip {
  tip: Record<string, unknown>
  /** SHA-256 by file name. */
  attachments: Record<string, string>
  folder: string
}

export interface SiteOptions {
  /**
   * Creates `keys/` and the identity at `identityPath` before anything starts. If absent, a demo
   * ceremony is held.
   */
  ceremony?: (site: { keysDir: string; dataDir: string; identityPath: string }) => Promise<void>
  env?: Record<string, string>
  /** The program of the intake; by default that of this checkout. */
  intake?: string
  /** Passed to `openOnionProxy`. */
  keepsConnections?: boolean
}

/** Storing needs the queue, the worker, and two cores that also render pages. */
const storedWithinMs = 30_000

export async function startSite(options: SiteOptions = {}): Promise<Site> {
  const folder = await temporaryFolder()
  const at = (...parts: string[]) => join(folder, ...parts)
  const [port, opsPort] = [await freePort(), await freePort()]
  const demoIdentity = at('var', 'demo', 'demo.identity')
  const identityPath = options.ceremony === undefined ? demoIdentity : at('analyst.identity')
  await options.ceremony?.({ keysDir: at('keys'), dataDir: at('var'), identityPath })
  const env = {
    TUMEN_DATA_DIR: at('var'),
    TUMEN_KEYS_DIR: at('keys'),
    TUMEN_LISTEN: `127.0.0.1:${port}`,
    TUMEN_OPS_LISTEN: `127.0.0.1:${opsPort}`,
    TUMEN_SWEEP_SECONDS: '1',
    // Canaries are off, so that only the tips of the test are counted.
    TUMEN_CANARY_MINUTES: '0',
    ...options.env,
  }
  const { intake, keepsConnections = false } = options
  const mains = intake === undefined ? [] : [intake]
  const run = await startSupervisor({ mains, dataDir: at('var'), env })
  try {
    await Promise.race([
      run.untilOutput('ready; Ctrl-C'),
      run.exit.then(() => {
        throw new Error(`the site ended: ${run.output()}`)
      }),
    ])
    const proxy = await openOnionProxy(port, { keepsConnections })
    return siteOf({ at, url: `http://127.0.0.1:${port}`, proxy, run, env, identityPath })
  } catch (error) {
    await cleanUp()
    throw error
  }
}

interface Parts {
  at: (...parts: string[]) => string
  url: string
  proxy: OnionProxy
  run: Started
  env: Record<string, string>
  identityPath: string
}

function siteOf(parts: Parts): Site {
  const { at, url, proxy, run, env } = parts
  const tumen = (...args: string[]) => runTumen(at(), args, env)
  const stateOf = async (receipt: string): Promise<string> => {
    const answer = await fetch(`${url}/receipts/${receipt}`, {
      headers: { accept: 'application/json' },
    })
    return answer.status === 200
      ? ((await answer.json()) as { state: string }).state
      : String(answer.status)
  }
  let opened = 0
  let isStopped = false
  return {
    at,
    url,
    proxy,
    run,
    tumen,
    stateOf,
    killIntake: () => killIntake(parts),
    untilStored: (receipt) =>
      until(
        async () => (await stateOf(receipt)) === 'stored',
        () => `${receipt} to be stored: ${run.output()}`,
        storedWithinMs,
      ),
    async openTip(receipt) {
      opened += 1
      return await openAt(parts, tumen, {
        receipt,
        stick: `stick-${opened}`,
        casebook: `casebook-${opened}`,
      })
    },
    receipts: () => receiptsBelow(at('var')),
    async stop() {
      isStopped = true
      run.child.kill('SIGTERM')
      await run.exit
    },
    async close() {
      const hasEnded = !isStopped && (run.child.exitCode !== null || run.child.signalCode !== null)
      await proxy.close()
      await cleanUp()
      if (hasEnded) throw new Error(`the site ended unexpectedly: ${run.output()}`)
    },
  }
}

async function openAt(
  parts: Parts,
  tumen: Site['tumen'],
  names: { receipt: string; stick: string; casebook: string },
): Promise<OpenedTip> {
  const { receipt, stick, casebook } = names
  const exported = await tumen('export', stick, '--all', '--json')
  if (exported.status !== 0) throw new Error(`tumen export: ${exported.stderr}`)
  const opening = await tumen(
    'open',
    stick,
    '--identity',
    parts.identityPath,
    '--casebook',
    casebook,
  )
  if (opening.status !== 0) throw new Error(`tumen open: ${opening.stderr}`)
  const folder = parts.at(casebook, 'tips', receipt)
  const tip = JSON.parse(await readFile(join(folder, 'tip.json'), 'utf8')) as Record<
    string,
    unknown
  >
  const hasAttachments = (await readdir(folder)).includes('attachments')
  return {
    tip,
    folder,
    attachments: hasAttachments ? await digestsBelow(join(folder, 'attachments')) : {},
  }
}

async function receiptsBelow(dataDir: string): Promise<string[]> {
  const names = await Promise.all(
    ['incoming', 'sealed', 'collected'].map((prefix) =>
      readdir(join(dataDir, prefix)).catch(() => []),
    ),
  )
  return [
    ...new Set(
      names
        .flat()
        .filter((name) => name.endsWith('.age'))
        .map((name) => name.slice(0, -'.age'.length)),
    ),
  ].sort()
}

async function killIntake({ run, url }: Parts): Promise<void> {
  const pid = await intakePid(run.child.pid ?? 0)
  if (pid === null) throw new Error('no intake to kill')
  process.kill(pid, 'SIGKILL')
  const isBack = async (): Promise<boolean> => {
    const now = await intakePid(run.child.pid ?? 0)
    return (
      now !== null &&
      now !== pid &&
      (await fetch(`${url}/keyring.json`).then(
        () => true,
        () => false,
      ))
    )
  }
  await until(isBack, () => `another intake: ${run.output()}`, storedWithinMs)
}

async function intakePid(parent: number): Promise<number | null> {
  for (const name of await readdir('/proc')) {
    if (!/^\d+$/.test(name)) continue
    const stat = await readFile(`/proc/${name}/stat`, 'utf8').catch(() => '')
    if (Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]) !== parent) continue
    if ((await readFile(`/proc/${name}/cmdline`, 'utf8').catch(() => '')).includes('server/main'))
      return Number(name)
  }
  return null
}

export interface SealedFile {
  path: string
  receipt: string
}

/** Seals a tip and files with `tumen seal`, as a person does whose browser runs no scripts. */
export async function sealWithTumen(
  site: Site,
  tip: object,
  files: readonly string[],
  name: string,
): Promise<SealedFile> {
  const path = site.at(name)
  await writeFile(site.at(`${name}.json`), JSON.stringify(tip))
  const { status, stderr } = await site.tumen(
    'seal',
    '--tip',
    site.at(`${name}.json`),
    ...files,
    '--no-clean',
    '-o',
    path,
  )
  if (status !== 0) throw new Error(`tumen seal: ${stderr}`)
  return { path, receipt: await sha256OfFile(path) }
}

/**
 * Seals with tar and the distribution's age to the list of classic recipients that the page links
 * to.
 */
export async function sealWithAge(
  site: Site,
  tip: object,
  files: Readonly<Record<string, Uint8Array>>,
  name: string,
): Promise<SealedFile> {
  const source = site.at(`${name}.source`)
  await mkdir(join(source, 'attachments'), { recursive: true })
  await writeFile(join(source, 'tip.json'), JSON.stringify(tip))
  for (const [file, content] of Object.entries(files))
    await writeFile(join(source, 'attachments', file), content)
  await writeFile(
    site.at(`${name}.recipients`),
    await (await fetch(`${site.url}/recipients-x25519.txt`)).text(),
  )
  const pipe = 'set -o pipefail; tar -c -C "$1" tip.json attachments | age -R "$2" -o "$3"'
  const { status, stderr } = await runProgram('bash', site.at(), [
    '-c',
    pipe,
    'bash',
    source,
    site.at(`${name}.recipients`),
    site.at(name),
  ])
  if (status !== 0) throw new Error(`age: ${stderr}`)
  return { path: site.at(name), receipt: await sha256OfFile(site.at(name)) }
}
