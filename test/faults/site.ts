import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { loadSodiumPrimitives } from '../../src/age/sodium.ts'
import { createDemoCeremony } from '../../src/keyring/demo.ts'
import { dayOfInstant } from '../../src/time/day.ts'
import { compileCache } from '../support/compile-cache.ts'
import { apart } from '../support/hold-folder.ts'
import { createTestRedis, type TestRedis } from '../support/redis.ts'
import { type AtEnd, startIn } from '../support/start-in.ts'

const repo = join(import.meta.dirname, '../..')

/** A real process of ours that can be killed at any moment and started again. */
export class Unit {
  readonly #main: string
  readonly #env: NodeJS.ProcessEnv
  readonly #wrapper: readonly string[]
  #child: ChildProcess | null = null
  #ready: Promise<boolean> = Promise.resolve(false)
  /** Its log, over all its starts. */
  log = ''

  /** @param isApart whether to run it in its own network and PID namespaces, as in a container */
  constructor(main: string, env: NodeJS.ProcessEnv, { isApart = false } = {}) {
    this.#main = join(repo, main)
    this.#env = env
    this.#wrapper = isApart ? apart : []
  }

  start(): void {
    const child = fork(this.#main, {
      env: this.#env,
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      ...this.#execution(),
    })
    child.stderr?.on('data', (chunk: Buffer) => void (this.log += chunk))
    this.#child = child
    this.#ready = Promise.race([
      once(child, 'message').then(() => true),
      once(child, 'exit').then(() => false),
    ])
  }

  #execution(): { execPath?: string; execArgv: string[] } {
    const [execPath, ...args] = this.#wrapper
    return execPath === undefined
      ? { execArgv: [] }
      : { execPath, execArgv: [...args, process.execPath] }
  }

  get pid(): number | undefined {
    return this.#child?.pid
  }

  /** Waits until the process reports that it is ready. @throws when it ends instead */
  async untilReady(): Promise<void> {
    if (!(await this.#ready)) throw new Error(`${this.#main} did not start: ${this.log}`)
  }

  signal(name: NodeJS.Signals): void {
    this.#child?.kill(name)
  }

  /** Sends SIGKILL and waits for the process to end. */
  async kill(): Promise<void> {
    await this.#end('SIGKILL')
  }

  /** Sends SIGTERM and waits for the process to end. @returns its exit status */
  async stop(): Promise<number | null> {
    return this.#end('SIGTERM')
  }

  async #end(signal: NodeJS.Signals): Promise<number | null> {
    const child = this.#child
    if (child === null) return null
    if (child.exitCode === null && child.signalCode === null) {
      const gone = once(child, 'exit')
      child.kill(signal)
      await gone
    }
    return child.exitCode
  }
}

/** Intake, worker and Redis as in production, on one data folder. */
export interface Site {
  dataDir: string
  keysDir: string
  /** Holds the secrets of the demo ceremony. */
  deskDir: string
  socket: string
  redis: TestRedis
  /** The environment of intake and worker. */
  env: NodeJS.ProcessEnv
  intake: Unit
  worker: Unit
  /** Another worker on the same data folder, if `isApart` in its own namespaces. */
  secondWorker(options?: { isApart?: boolean }): Unit
  dispose(): Promise<void>
}

interface SiteOptions {
  dataDir?: string
  env?: NodeJS.ProcessEnv
}

export function openSite(options: SiteOptions = {}): Promise<Site> {
  return startIn('faults', (dir, atEnd) => layOut(options, dir, atEnd))
}

async function layOut(
  options: SiteOptions,
  dir: string,
  atEnd: AtEnd,
): Promise<Omit<Site, 'dispose'>> {
  const dataDir = options.dataDir ?? join(dir, 'var')
  const keysDir = join(dir, 'keys')
  const deskDir = join(dir, 'desk')
  await mkdir(keysDir)
  await createDemoCeremony({
    keysDir,
    dataDir: deskDir,
    day: dayOfInstant(new Date()),
    primitives: await loadSodiumPrimitives(),
  })
  const redis = await createTestRedis()
  atEnd(() => redis.dispose())
  const socket = join(dir, 'intake.sock')
  const env = {
    PATH: process.env.PATH,
    NODE_COMPILE_CACHE: compileCache,
    NODE_OPTIONS: process.env.NODE_OPTIONS,
    TUMEN_LISTEN: `unix:${socket}`,
    TUMEN_REDIS_URL: redis.url,
    TUMEN_DATA_DIR: dataDir,
    TUMEN_KEYS_DIR: keysDir,
    TUMEN_SWEEP_SECONDS: '1',
    TUMEN_RESERVE_BYTES: '0',
    ...options.env,
  }
  const intake = new Unit('src/server/main.ts', env)
  const worker = new Unit('workers/main.ts', env)
  for (const unit of [intake, worker]) atEnd(() => unit.kill())
  return {
    dataDir,
    keysDir,
    deskDir,
    socket,
    redis,
    env,
    intake,
    worker,
    secondWorker: (options) => new Unit('workers/main.ts', env, options),
  }
}
