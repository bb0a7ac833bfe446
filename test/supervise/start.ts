import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync, rmSync } from 'node:fs'
import { mkdtemp, readdir, readFile, readlink, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { atExit } from '../support/at-exit.ts'
import { compileCache } from '../support/compile-cache.ts'

export function fixture(name: string): string {
  return fileURLToPath(new URL(`./fixtures/${name}.ts`, import.meta.url))
}

export const standIns = ['intake', 'worker', 'ops'].map(fixture)

export interface Started {
  child: ChildProcess
  dataDir: string
  output: () => string
  /** The lines that the stand-ins wrote about themselves, such as `intake started 123`. */
  events(): string[]
  untilOutput(text: string): Promise<void>
  untilEvents(isEnough: (events: string[]) => boolean): Promise<void>
  exit: Promise<[code: number | null, signal: NodeJS.Signals | null]>
}

/** On busy cores the start of all processes, with a ceremony, was seen to take half a minute. */
const startsWithinMs = 60_000

const started: ChildProcess[] = []
const folders: string[] = []
// For a test that waited too long for a start and never came to its `cleanUp`. The processes of a
// supervisor end with it.
atExit(() => {
  for (const child of started) child.kill('SIGKILL')
  for (const folder of folders) rmSync(folder, { recursive: true, force: true, maxRetries: 10 })
})

export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'tumen-supervise-'))
  folders.push(folder)
  return folder
}

export async function freePort(): Promise<number> {
  const server = createServer()
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
}

/**
 * Starts the real supervisor on free ports, by default with stand-ins for intake, worker and ops.
 */
export async function startSupervisor(
  options: { dataDir?: string; mains?: string[]; env?: Record<string, string> } = {},
): Promise<Started> {
  const dataDir = options.dataDir ?? join(await temporaryFolder(), 'var')
  const main = fileURLToPath(new URL('../../src/supervise/main.ts', import.meta.url))
  const child = spawn(process.execPath, [main, ...(options.mains ?? standIns)], {
    env: {
      PATH: process.env['PATH'],
      NODE_COMPILE_CACHE: compileCache,
      TUMEN_DATA_DIR: dataDir,
      TUMEN_KEYS_DIR: join(dataDir, '..', 'keys'),
      TUMEN_LISTEN: `127.0.0.1:${await freePort()}`,
      TUMEN_OPS_LISTEN: `127.0.0.1:${await freePort()}`,
      ...options.env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  started.push(child)
  return watch(child, dataDir)
}

function watch(child: ChildProcess, dataDir: string): Started {
  let output = ''
  const take = (chunk: Buffer): void => {
    output += chunk.toString()
  }
  child.stdout?.on('data', take)
  child.stderr?.on('data', take)
  const exit = once(child, 'close') as Started['exit']
  const file = join(dataDir, 'events')
  const events = (): string[] =>
    existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : []
  return {
    child,
    dataDir,
    exit,
    events,
    output: () => output,
    untilOutput: (text) =>
      until(
        () => output.includes(text),
        () => `${text} in: ${output}`,
        startsWithinMs,
      ),
    untilEvents: (isEnough) =>
      until(
        () => isEnough(events()),
        () => `events, had: ${events().join(', ')}; ${output}`,
      ),
  }
}

/**
 * Polls until `isSo()`, because the state of another process has no event to await. By default as
 * long as a test may take.
 */
export async function until(
  isSo: () => boolean | Promise<boolean>,
  what: () => string,
  withinMs = 80_000,
): Promise<void> {
  const deadline = performance.now() + withinMs
  while (!(await isSo())) {
    if (performance.now() > deadline) throw new Error(`waited in vain for ${what()}`)
    await sleep(20)
  }
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

/** The PID of the redis-server that runs in the data directory, or null. */
export async function redisPid(dataDir: string): Promise<number | null> {
  for (const name of await readdir('/proc')) {
    if (!/^\d+$/.test(name)) continue
    const directory = await readlink(`/proc/${name}/cwd`).catch(() => '')
    const program = await readFile(`/proc/${name}/comm`, 'utf8').catch(() => '')
    if (directory === join(dataDir, 'redis') && program.trim() === 'redis-server')
      return Number(name)
  }
  return null
}

export function pidOf(event: string | undefined): number {
  return Number(event?.split(' ').at(-1))
}

/**
 * For `afterEach`: ends every process that a failed test has left running, and removes the folders.
 */
export async function cleanUp(): Promise<void> {
  for (const child of started.splice(0)) {
    if (child.exitCode !== null || child.signalCode !== null) continue
    child.kill('SIGKILL')
    await once(child, 'exit')
  }
  for (const folder of folders.splice(0)) {
    const dataDir = join(folder, 'var')
    await until(
      async () => (await redisPid(dataDir)) === null,
      () => `redis in ${dataDir} to end`,
    )
    // A stand-in may still be writing its last line about having lost its parent.
    await rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 })
  }
}
