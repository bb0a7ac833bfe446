/** One supervised process: it is started, watched, restarted, and stopped in bounded time. */
import type { ChildProcess } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import { createBackoff } from './backoff.ts'
import type { BackoffOptions } from './backoff.ts'
import { SuperviseError } from './errors.ts'

export interface UnitSpec {
  name: string
  /** Anything it throws counts as a failed start, which is logged and retried. */
  spawn(): ChildProcess
  /**
   * Resolves when the process serves; may never resolve if it never does. `onProgress` is called
   * whenever the process reports that it is still getting ready.
   */
  untilReady(
    child: ChildProcess,
    options: { signal: AbortSignal; onProgress: () => void },
  ): Promise<void>
  /** Time between SIGTERM and SIGKILL. */
  graceMs: number
  /** A start without progress for longer than this is killed and retried. */
  readyTimeoutMs: number
  /** Why the last run failed, if the process reported it. */
  lastWords(): string
  /**
   * Whether the output of the process is shown nowhere else, so that a crash report must include
   * its last line.
   */
  isSilent: boolean
}

export interface UnitHooks {
  log: (line: string) => void
  /** The process refused its configuration; restarting it would not help. */
  onRefused(error: SuperviseError): void
  backoff: BackoffOptions
}

export interface Unit {
  readonly name: string
  /** The process id, or null between two runs. */
  pid(): number | null
  /**
   * Starts the process and resolves when it is ready for the first time. Rejects if it is stopped
   * before.
   */
  start(): Promise<void>
  stop: () => Promise<void>
  /** Sends SIGKILL without waiting. */
  kill(): void
}

/** A process that exits with this status must not be restarted with the same configuration. */
const refusedExitCode = 2

type Ending = { code: number | null; signal: NodeJS.Signals | null }

export function createUnit(spec: UnitSpec, hooks: UnitHooks): Unit {
  const backoff = createBackoff(hooks.backoff)
  const stopping = new AbortController()
  const firstReady = Promise.withResolvers<void>()
  let child: ChildProcess | null = null
  let ended: Promise<Ending> = Promise.resolve({ code: 0, signal: null })

  async function runOnce(): Promise<Ending> {
    const current = spawnOrNull()
    if (current === null) return { code: null, signal: null }
    child = current
    ended = endingOf(current)
    const watch = new AbortController()
    const ready = untilReadyOrKilled(current, watch.signal)
    const ending = await ended
    watch.abort()
    await ready
    child = null
    return ending
  }

  function spawnOrNull(): ChildProcess | null {
    try {
      return spec.spawn()
    } catch (error) {
      const cause = error as NodeJS.ErrnoException
      const reason = error instanceof SuperviseError ? error.message : (cause.code ?? cause.name)
      hooks.log(`${spec.name} could not be started: ${reason}`)
      return null
    }
  }

  async function untilReadyOrKilled(current: ChildProcess, signal: AbortSignal): Promise<void> {
    const late = Promise.withResolvers<'late'>()
    const timer = setTimeout(() => late.resolve('late'), spec.readyTimeoutMs)
    const onProgress = (): void => void timer.refresh()
    const outcome = await Promise.race([
      spec.untilReady(current, { signal, onProgress }).then(
        () => 'ready',
        () => 'ended',
      ),
      late.promise,
    ])
    clearTimeout(timer)
    if (outcome === 'ready') firstReady.resolve()
    if (outcome === 'late') {
      hooks.log(`${spec.name} was not ready in time; starting it again`)
      current.kill('SIGKILL')
    }
  }

  async function keepRunning(): Promise<void> {
    while (!stopping.signal.aborted) {
      const startedMs = performance.now()
      const ending = await runOnce()
      if (stopping.signal.aborted) return
      if (ending.code === refusedExitCode) return refuse()
      const delayMs = backoff.nextDelayMs(performance.now() - startedMs)
      hooks.log(
        `${spec.name} ended (${endingText(ending)}); starting it again in ${delayMs} ms${spec.isSilent ? reason() : ''}`,
      )
      await sleep(delayMs, undefined, { signal: stopping.signal }).catch(() => undefined)
    }
  }

  function refuse(): void {
    const error = new SuperviseError('PROCESS_REFUSED', `${spec.name} refused to start${reason()}`)
    firstReady.reject(error)
    hooks.onRefused(error)
  }

  function reason(): string {
    const words = spec.lastWords()
    const bare = words.startsWith(`${spec.name}: `) ? words.slice(spec.name.length + 2) : words
    return bare === '' ? '' : `: ${bare}`
  }

  async function stop(): Promise<void> {
    stopping.abort()
    firstReady.reject(new SuperviseError('STOPPED', `${spec.name} was stopped before it was ready`))
    const current = child
    if (current === null) return
    current.kill('SIGTERM')
    const grace = new AbortController()
    const late = sleep(spec.graceMs, true, { signal: grace.signal }).catch(() => false)
    if (await Promise.race([ended.then(() => false), late])) {
      hooks.log(`${spec.name} did not stop in ${spec.graceMs} ms; killing it`)
      current.kill('SIGKILL')
    }
    grace.abort()
    await ended
  }

  return {
    name: spec.name,
    pid: () => child?.pid ?? null,
    start() {
      // A refusal is also reported by the hook, so the promise may be left without a handler.
      firstReady.promise.catch(() => undefined)
      void keepRunning()
      return firstReady.promise
    },
    stop,
    kill() {
      stopping.abort()
      child?.kill('SIGKILL')
    },
  }
}

/** Resolves when the process has ended, also if the program could not be started at all. */
function endingOf(child: ChildProcess): Promise<Ending> {
  return new Promise((resolve) => {
    child.once('exit', (code, signal) => resolve({ code, signal }))
    child.on('error', () => {
      if (child.pid === undefined) resolve({ code: null, signal: null })
    })
  })
}

function endingText({ code, signal }: Ending): string {
  if (signal !== null) return signal
  return code === null ? 'could not be started' : `status ${code}`
}
