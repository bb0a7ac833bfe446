import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { startIn } from './start-in.ts'

describe('startIn', () => {
  it('ends everything in reverse order and removes the folder', async () => {
    const ended: string[] = []
    const started = await startIn('start', async (dir, atEnd) => {
      atEnd(async () => void ended.push('first'))
      atEnd(async () => void ended.push(`second, folder ${existsSync(dir)}`))
      return { dir }
    })
    expect(existsSync(started.dir)).toBe(true)
    await started.dispose()
    expect([ended, existsSync(started.dir)]).toEqual([['second, folder true', 'first'], false])
  })

  it('does so when the start fails, and passes the reason on', async () => {
    const seen: string[] = []
    const failing = startIn('start', async (dir, atEnd) => {
      seen.push(dir)
      atEnd(async () => void seen.push('ended'))
      throw new Error('no port')
    })
    await expect(failing).rejects.toThrow('no port')
    expect([seen[1], existsSync(seen[0]!)]).toEqual(['ended', false])
  })

  it.each([
    ['exits', 'process.exit()', { code: 0, signal: null }],
    // The signal with which Vitest ends its processes.
    ['is ended', 'process.kill(process.pid)', { code: null, signal: 'SIGTERM' }],
  ])('removes the folder when the process %s before that', async (_how, end, result) => {
    const module = join(import.meta.dirname, 'start-in.ts')
    const program = `
      import { startIn } from ${JSON.stringify(module)}
      const { dir } = await startIn('start', async (dir) => ({ dir }))
      console.log(dir)
      setInterval(() => {}, 1000)
      ${end}`
    const child = spawn(process.execPath, ['--input-type=module', '-e', program])
    const [dir] = (await once(child.stdout, 'data')) as [Buffer]
    const [code, signal] = (await once(child, 'exit')) as unknown[]
    expect({ code, signal }).toEqual(result)
    expect(dir.toString()).toContain('tumen-start-')
    expect(existsSync(dir.toString().trim())).toBe(false)
  })
})
