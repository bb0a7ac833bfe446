import { describe, expect, it } from 'vitest'

import {
  createProgress,
  formatBytes,
  formatSeconds,
  progressLine,
} from '../../../src/cli/frame/progress.ts'
import { fakeContext } from '../support/fake-context.ts'

function bar(isTerminal: boolean) {
  const context = fakeContext()
  let time = 0
  const progress = createProgress({
    stderr: context.stderr,
    isTerminal,
    label: 'sealing',
    totalBytes: 1000,
    now: () => time,
  })
  return {
    progress,
    written: context.written,
    wait: (ms: number) => {
      time += ms
    },
  }
}

const draws = (text: string) => text.split('\r').length - 1

describe('createProgress', () => {
  it('draws nothing in the first second, then at most ten times a second', () => {
    const { progress, written, wait } = bar(true)
    wait(999)
    progress.add(1)
    expect(written.stderr).toBe('')
    wait(1)
    progress.add(1)
    expect(draws(written.stderr)).toBe(1)
    wait(99)
    progress.add(1)
    expect(draws(written.stderr)).toBe(1)
    wait(1)
    progress.add(1)
    expect(draws(written.stderr)).toBe(2)
    progress.finish()
    expect(written.stderr.endsWith('\r\u001b[K')).toBe(true)
  })

  it('draws nothing where there is no terminal', () => {
    const { progress, written, wait } = bar(false)
    wait(5000)
    progress.add(500)
    progress.finish()
    expect(written.stderr).toBe('')
  })

  it('counts the chunks it passes through', async () => {
    const { progress, written, wait } = bar(true)
    wait(2000)
    const source = async function* () {
      yield new Uint8Array(400)
      yield new Uint8Array(100)
    }
    const passed = await Array.fromAsync(progress.track(source()))
    expect(passed.map(({ length }) => length)).toEqual([400, 100])
    expect(written.stderr).toContain('40 %')
  })
})

describe('progressLine', () => {
  it('shows amount, rate and remaining time', () => {
    const line = progressLine({
      label: 'sending',
      doneBytes: 50 * 1024 ** 2,
      totalBytes: 200 * 1024 ** 2,
      seconds: 25,
    })
    expect(line).toBe(
      'sending [#####...............] 25 %  50.0 MiB of 200.0 MiB  2.0 MiB/s  1 min 15 s left',
    )
  })

  it('shows what is known when the total is unknown or was too small', () => {
    expect(progressLine({ label: 'x', doneBytes: 2048, totalBytes: null, seconds: 2 })).toBe(
      'x  2.0 KiB  1.0 KiB/s',
    )
    expect(progressLine({ label: 'x', doneBytes: 20, totalBytes: 10, seconds: 2 })).toContain(
      '100 %',
    )
  })
})

describe('formatBytes and formatSeconds', () => {
  it.each([
    [0, '0 B'],
    [1023, '1023 B'],
    [1024, '1.0 KiB'],
    [1024 ** 3, '1.0 GiB'],
    [5000 * 1024 ** 4, '5000.0 TiB'],
  ])('%i bytes: %s', (bytes, text) => {
    expect(formatBytes(bytes)).toBe(text)
  })
  it.each([
    [-1, '0 s'],
    [59, '59 s'],
    [60, '1 min 0 s'],
    [3600, '1 h 0 min'],
  ])('%i seconds: %s', (seconds, text) => {
    expect(formatSeconds(seconds)).toBe(text)
  })
})
