import { setTimeout as sleep } from 'node:timers/promises'
import type { BackoffOptions } from './backoff.ts'
import { defaultBackoff } from './backoff.ts'
import type { SuperviseError } from './errors.ts'
import { createUnit } from './unit.ts'
import type { Unit, UnitSpec } from './unit.ts'

export interface Supervisor {
  /**
   * Starts Redis first, then all others together. Resolves when all are ready. If Redis is not
   * ready within seconds, the others start anyway: tips are accepted and stored without it.
   */
  start(): Promise<void>
  /** Resolves if a process refuses its configuration; never otherwise. */
  readonly refused: Promise<SuperviseError>
  /** Stops the processes in the given order and in bounded time, Redis last. */
  stop: () => Promise<void>
  /** Kills all processes immediately. */
  kill(): void
}

/** Long enough for Redis to load a log of 256 MB. */
const redisPatienceMs = 10_000

export interface SupervisorOptions {
  /** Null when an external Redis is used. */
  redis: UnitSpec | null
  /** In the order in which they are stopped. */
  processes: readonly UnitSpec[]
  log: (line: string) => void
  backoff?: BackoffOptions
}

export function createSupervisor(options: SupervisorOptions): Supervisor {
  const refusal = Promise.withResolvers<SuperviseError>()
  const hooks = {
    log: options.log,
    onRefused: refusal.resolve,
    backoff: options.backoff ?? defaultBackoff,
  }
  const redis = options.redis === null ? [] : [createUnit(options.redis, hooks)]
  const processes = options.processes.map((spec) => createUnit(spec, hooks))

  return {
    refused: refusal.promise,
    async start() {
      const patience = new AbortController()
      await Promise.race([
        startAll(redis),
        sleep(redisPatienceMs, undefined, { signal: patience.signal }).catch(() => undefined),
      ])
      patience.abort()
      await startAll(processes)
    },
    async stop() {
      for (const unit of [...processes, ...redis]) await unit.stop()
    },
    kill() {
      for (const unit of [...processes, ...redis]) unit.kill()
    },
  }
}

async function startAll(units: readonly Unit[]): Promise<void> {
  await Promise.all(units.map((unit) => unit.start()))
}
