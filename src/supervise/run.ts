import type { Settings } from '../../config/settings.ts'
import { SettingsError, loadSettings } from '../../config/settings.ts'
import { KeyringError } from '../keyring/errors.ts'
import { dayOfInstant } from '../time/day.ts'
import type { Clock } from '../time/clock.ts'
import { checkAddresses } from './addresses.ts'
import { demoWarning, readyText } from './banner.ts'
import { ensureKeyring } from './ensure-keyring.ts'
import { SuperviseError } from './errors.ts'
import { rememberFolder } from '../disk/same-folder.ts'
import { intakeEnv } from './intake-env.ts'
import { lockDataDir } from './lock.ts'
import { nodeUnit } from './node-unit.ts'
import { preparePrivateRedis } from './private-redis.ts'
import { untilReadyByOps } from './readiness.ts'
import { createSupervisor } from './supervisor.ts'
import type { Supervisor } from './supervisor.ts'
import type { UnitSpec } from './unit.ts'

export interface RunOptions {
  env: NodeJS.ProcessEnv
  clock: Clock
  /** Absolute paths of the three main files. */
  mains: { intake: string; worker: string; ops: string }
  /** Write to the terminal: `out` for text to be read, `err` for events. */
  out(text: string): void
  err(text: string): void
  /** Passes the stderr of the processes on. */
  forward: (chunk: Buffer) => void
  /** `stop`: aborted to stop the processes in order; `atOnce`: aborted to kill them immediately. */
  stop: AbortSignal
  atOnce: AbortSignal
}

/** The intake has to finish open uploads, the worker at most one job for each slot, ops nothing. */
const graceMs = { intake: 30_000, worker: 20_000, ops: 5_000 }

const wrongSettingsStatus = 2
const failedStatus = 1

/**
 * Runs until it is told to stop. Returns the exit status: 0 stopped, 1 failed, 2 wrong settings.
 */
export async function runSupervisor(options: RunOptions): Promise<number> {
  try {
    return await superviseUntilStopped(options)
  } catch (error) {
    if (!isExplained(error)) throw error
    options.err(`tumen: ${error.message}\n`)
    return error instanceof SettingsError ? wrongSettingsStatus : failedStatus
  }
}

type Explained = SettingsError | SuperviseError | KeyringError

function isExplained(error: unknown): error is Explained {
  return (
    error instanceof SettingsError ||
    error instanceof SuperviseError ||
    error instanceof KeyringError
  )
}

async function superviseUntilStopped(options: RunOptions): Promise<number> {
  const settings = loadSettings(options.env)
  const lock = await lockDataDir(settings.dataDir)
  try {
    await checkAddresses([
      ['TUMEN_LISTEN', settings.listen],
      ['TUMEN_OPS_LISTEN', settings.opsListen],
    ])
    const day = dayOfInstant(options.clock.now())
    const { isDemo } = await ensureKeyring({
      keysDir: settings.keysDir,
      dataDir: settings.dataDir,
      day,
    })
    if (isDemo) options.err(`${demoWarning}\n`)
    return await runProcesses(options, settings, isDemo)
  } finally {
    lock.release()
  }
}

async function runProcesses(
  options: RunOptions,
  settings: Settings,
  isDemo: boolean,
): Promise<number> {
  const log = (line: string): void => options.err(`tumen: ${line}\n`)
  const redis = settings.redisUrl === null ? await prepareRedis(options, settings, log) : null
  const env = redis === null ? options.env : { ...options.env, TUMEN_REDIS_URL: redis.url }
  const isInPlace = rememberFolder(settings.dataDir)
  const supervisor = createSupervisor({
    redis: redis && onlyIn(isInPlace, redis.spec),
    processes: processSpecs(options, env).map((spec) => onlyIn(isInPlace, spec)),
    log,
  })
  options.atOnce.addEventListener('abort', () => supervisor.kill())
  // The start rejects if it is interrupted by a stop, which is not a failure.
  supervisor.start().then(
    () => announce(options, settings, isDemo),
    () => undefined,
  )
  const refused = await untilOver(supervisor, options.stop)
  if (refused === null) log('stopping')
  await supervisor.stop()
  if (refused !== null) throw refused
  return options.atOnce.aborted ? failedStatus : 0
}

/**
 * Announces that the service is ready. Processes may be ready before they have connected to each
 * other, so ops is asked first.
 */
async function announce(options: RunOptions, settings: Settings, isDemo: boolean): Promise<void> {
  const problems = await untilReadyByOps(settings, options.stop)
  if (options.stop.aborted) return
  for (const code of problems)
    options.err(`tumen: not ready yet: ${code}; the dashboard says what to do\n`)
  options.out(readyText(settings, isDemo))
}

function prepareRedis(options: RunOptions, settings: Settings, log: (line: string) => void) {
  return preparePrivateRedis({
    dataDir: settings.dataDir,
    searchPath: options.env['PATH'] ?? '',
    log,
  })
}

/**
 * Starts a process only while the data folder is the one that this start has locked. A process that
 * ended would otherwise make an empty folder when the right one is gone, and give receipts there.
 */
function onlyIn(isInPlace: () => boolean, spec: UnitSpec): UnitSpec {
  return {
    ...spec,
    spawn() {
      if (isInPlace()) return spec.spawn()
      throw new SuperviseError(
        'DATA_DIR_REPLACED',
        'TUMEN_DATA_DIR is no longer the folder that this start has locked: put that folder back, or stop Tumen, make sure that the folder there is the right one, and start Tumen again',
      )
    },
  }
}

function processSpecs(options: RunOptions, env: NodeJS.ProcessEnv): UnitSpec[] {
  const names = ['intake', 'worker', 'ops'] as const
  // If a Node option is given twice, the last value counts, so the caller's environment can
  // override ours.
  const nodeOptions = `${intakeEnv.NODE_OPTIONS} ${env['NODE_OPTIONS'] ?? ''}`.trim()
  const envOfIntake = { ...intakeEnv, ...env, NODE_OPTIONS: nodeOptions }
  return names.map((name) =>
    nodeUnit({
      name,
      main: options.mains[name],
      env: name === 'intake' ? envOfIntake : env,
      graceMs: graceMs[name],
      forward: options.forward,
    }),
  )
}

/**
 * Resolves to null when told to stop, or to the error of a process that refused its configuration,
 * after which the service cannot run.
 */
function untilOver(supervisor: Supervisor, stop: AbortSignal): Promise<SuperviseError | null> {
  const stopped = new Promise<null>((resolve) => {
    if (stop.aborted) resolve(null)
    stop.addEventListener('abort', () => resolve(null), { once: true })
  })
  return Promise.race([stopped, supervisor.refused])
}
