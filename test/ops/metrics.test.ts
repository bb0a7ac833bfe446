import { spawnSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { metricsText } from '../../src/ops/metrics.ts'
import { problem, problemCodes } from '../../src/ops/problems.ts'
import { quiet, several, well } from './quiet.ts'

const canary = { state: 'late', undelivered: 1, latencyBand: 'under 1 min' } as const
const onion = { state: 'unreachable', restarts: 2 } as const
const everything = {
  ...well,
  canary,
  onion,
  several,
  problems: problemCodes.map((code) => problem(code)),
}

function checkMetrics(text: string) {
  const { status, stdout, stderr } = spawnSync('promtool', ['check', 'metrics'], {
    input: text,
    encoding: 'utf8',
  })
  return { status, said: stdout + stderr }
}

describe('metricsText', () => {
  it.each([
    ['everything is known', everything, { ...quiet, daysUntilFull: 400 }],
    ['all is well', well, quiet],
    [
      'nothing is known',
      { ...well, redis: null, processes: null, draining: null, keyringDaysLeft: null },
      null,
    ],
  ])('is clean for promtool when %s', async (_when, health, figures) => {
    const { text } = await metricsText(health, figures, 15)
    expect(checkMetrics(text)).toEqual({ status: 0, said: '' })
  })

  it('would not be clean with a unit that is not a base unit', async () => {
    const { text } = await metricsText(well, quiet, 15)
    const { status, said } = checkMetrics(
      text.replaceAll('tumen_spool_oldest_seconds', 'tumen_spool_oldest_minutes'),
    )
    expect(said).toContain('use base unit "seconds" instead of "minutes"')
    expect(status).not.toBe(0)
  })

  it('reveals no time finer than the step', async () => {
    const { text } = await metricsText(everything, quiet, 15)
    const moments = [...text.matchAll(/^\w+_timestamp_seconds (\S+)$/gm)].map((match) =>
      Number(match[1]),
    )
    expect(moments).toHaveLength(3)
    expect(moments.filter((moment) => moment % 900 !== 0)).toEqual([])
  })
})
