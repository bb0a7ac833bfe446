import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { describe, expect, it } from 'vitest'
import { createSupervisor } from '../../src/supervise/supervisor.ts'
import { createUnit, type UnitSpec } from '../../src/supervise/unit.ts'

const backoff = { firstMs: 10, maxMs: 10, stableMs: 60_000 }

function specOf(changes: Partial<UnitSpec>): UnitSpec {
  return {
    name: 'unit',
    spawn: () => spawn('sleep', ['60'], { stdio: 'ignore' }),
    untilReady: () => Promise.resolve(),
    graceMs: 1000,
    readyTimeoutMs: 300,
    lastWords: () => '',
    isSilent: true,
    ...changes,
  }
}

describe('createUnit', () => {
  it('treats anything that spawn throws as a failed start, and tries again', async () => {
    const logged: string[] = []
    let tries = 0
    const unit = createUnit(
      specOf({
        spawn() {
          tries += 1
          if (tries < 3) throw Object.assign(new Error('/secret/path'), { code: 'EBUSY' })
          return spawn('sleep', ['60'], { stdio: 'ignore' })
        },
      }),
      { log: (line) => void logged.push(line), onRefused: () => {}, backoff },
    )
    await unit.start()
    expect(tries).toBe(3)
    expect(logged.slice(0, 2)).toEqual([
      'unit could not be started: EBUSY',
      'unit ended (could not be started); starting it again in 10 ms',
    ])
    expect(logged.join()).not.toContain('secret')
    await unit.stop()
  })

  it('does not kill a process that makes progress, and kills one that makes none', async () => {
    const logged: string[] = []
    const progress = Promise.withResolvers<() => void>()
    const unit = createUnit(
      specOf({
        untilReady(child, { onProgress }) {
          progress.resolve(onProgress)
          return once(child, 'never').then(() => undefined)
        },
      }),
      { log: (line) => void logged.push(line), onRefused: () => {}, backoff },
    )
    unit.start().catch(() => {})
    const onProgress = await progress.promise
    const pid = unit.pid()
    // The loop reports progress for three times as long as the unit may be silent.
    const working = setInterval(onProgress, 20)
    await new Promise((resolve) => setTimeout(resolve, 900))
    expect(logged).toEqual([])
    expect(unit.pid()).toBe(pid)
    clearInterval(working)
    await new Promise((resolve) => setTimeout(resolve, 900))
    expect(logged[0]).toBe('unit was not ready in time; starting it again')
    await unit.stop()
  })
})

describe('createSupervisor', () => {
  it('stops Redis last, because the worker still removes times from it', async () => {
    const ended: string[] = []
    const named = (name: string): UnitSpec =>
      specOf({
        name,
        spawn() {
          const child = spawn('sleep', ['60'], { stdio: 'ignore' })
          child.once('exit', () => void ended.push(name))
          return child
        },
      })
    const supervisor = createSupervisor({
      redis: named('redis'),
      processes: ['intake', 'worker'].map(named),
      log: () => {},
      backoff,
    })
    await supervisor.start()
    await supervisor.stop()
    expect(ended).toEqual(['intake', 'worker', 'redis'])
  })
})
