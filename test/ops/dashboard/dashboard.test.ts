import { describe, expect, it } from 'vitest'
import { countChart, stateChart } from '../../../src/ops/dashboard/chart.ts'
import { nowGroups, steppedGroups } from '../../../src/ops/dashboard/figure-groups.ts'
import { createHistory } from '../../../src/ops/dashboard/history.ts'
import { dashboardHtml } from '../../../src/ops/dashboard/page.ts'
import { renderRunbook, runbookHtml } from '../../../src/ops/dashboard/runbook.ts'
import { stateOf, stateSentence } from '../../../src/ops/dashboard/state.ts'
import type { Health } from '../../../src/ops/health.ts'
import { problem, problemCodes } from '../../../src/ops/problems.ts'
import type { ProblemCode } from '../../../src/ops/problems.ts'
import { quiet, well } from '../quiet.ts'

const startMs = Date.parse('2026-11-23T12:00:00Z')
let nowMs = startMs
const clock = { now: () => new Date(nowMs) }
const minuteMs = 60_000

function healthWith(...codes: ProblemCode[]): Health {
  const problems = codes.map((code) => problem(code))
  return { ...well, problems, isReady: problems.every(({ severity }) => severity === 'warning') }
}

describe('stateOf', () => {
  it.each([
    [[], 'well'],
    [['QUARANTINE_NOT_EMPTY'], 'soon'],
    [['DRAINING'], 'draining'],
    [['DRAINING', 'QUARANTINE_NOT_EMPTY'], 'draining'],
    [['DRAINING', 'DISK_FULL'], 'now'],
    [['REDIS_UNREACHABLE'], 'now'],
  ] as Array<[ProblemCode[], string]>)('of %j is %s', (codes, state) =>
    expect(stateOf(healthWith(...codes))).toBe(state),
  )
})

describe('stateSentence', () => {
  it('is short for every problem there is, and begins with what is wrong', () => {
    for (const code of problemCodes) {
      const sentence = stateSentence(healthWith(code))
      expect([code, sentence.length < 200, /^[A-Z].*\.$/.test(sentence)]).toEqual([
        code,
        true,
        true,
      ])
    }
  })
})

describe('stateSentence of a system without Redis', () => {
  it('does not say that tips are lost', () => {
    expect(stateSentence(healthWith('REDIS_UNREACHABLE', 'QUARANTINE_NOT_EMPTY'))).toBe(
      problem('REDIS_UNREACHABLE').detail,
    )
  })
})

describe('nowGroups', () => {
  it.each([
    [null, undefined],
    [{ state: 'tor down', restarts: 0 }, 'tor down'],
    [{ state: 'unknown', restarts: 0 }, null],
  ] as const)('of the onion %j shows %j', (onion, shown) => {
    expect(
      nowGroups({ ...well, onion })[0]?.rows.find(({ label }) => label === 'Onion')?.value,
    ).toBe(shown)
  })
})

describe('createHistory', () => {
  const fresh = (stepMinutes = 15) => {
    nowMs = startMs
    return createHistory({ clock, stepMinutes })
  }
  const day = { hours: 24, cellMinutes: 15 }

  it('keeps the worst state of a step, and the counts of its end', () => {
    const history = fresh()
    history.note('well', quiet)
    history.note('now', quiet)
    history.note('soon', { ...quiet, spool: { envelopes: 10, bytes: 1 } })
    expect(history.cells(day).filter((cell) => cell !== null)).toEqual([
      { state: 'now', spool: 10, vault: 0 },
    ])
    expect(history.cells(day)).toHaveLength(96)
    expect(history.cells(day).at(-1)).not.toBeNull()
  })

  it('shows the same for one look at minute 1 or at minute 14, and is no finer than a step', () => {
    const seen = [1, 14].map((minute) => {
      const history = fresh()
      nowMs = startMs + minute * minuteMs
      history.note('soon', quiet)
      nowMs = startMs + 16 * minuteMs
      return JSON.stringify([history.cells(day), history.cells({ hours: 1, cellMinutes: 1 })])
    })
    expect(seen[0]).toBe(seen[1])
    expect(fresh().cells({ hours: 1, cellMinutes: 1 })).toHaveLength(4)
  })

  it('gathers steps into the worst and the most', () => {
    const history = fresh()
    history.note('now', { ...quiet, spool: { envelopes: 100, bytes: 1 } })
    nowMs += 15 * minuteMs
    history.note('well', null)
    expect(history.cells({ hours: 168, cellMinutes: 120 }).at(-1)).toEqual({
      state: 'now',
      spool: 100,
      vault: 0,
    })
    expect(history.cells({ hours: 168, cellMinutes: 120 })).toHaveLength(84)
  })

  it.each([1, 15, 60, 1440])('forgets after a week, with steps of %d minutes', (stepMinutes) => {
    const history = fresh(stepMinutes)
    history.note('now', quiet)
    nowMs += 6 * 24 * 60 * minuteMs
    history.note('well', quiet)
    expect(history.cells({ hours: 168, cellMinutes: 120 }).map((cell) => cell?.state)).toContain(
      'now',
    )
    nowMs += 24 * 60 * minuteMs
    history.note('well', quiet)
    nowMs -= 24 * 60 * minuteMs
    expect(
      history.cells({ hours: 168, cellMinutes: 120 }).map((cell) => cell?.state),
    ).not.toContain('now')
  })

  it('forgets what a clock that went backwards has left in the future', () => {
    const history = fresh()
    history.note('now', quiet)
    nowMs -= 60 * minuteMs
    history.note('well', quiet)
    nowMs += 60 * minuteMs
    expect(
      history
        .cells(day)
        .filter((cell) => cell !== null)
        .map(({ state }) => state),
    ).toEqual(['well'])
  })
})

describe('the charts', () => {
  it('say in words what the picture shows', () => {
    const cells = Array.from({ length: 96 }, (_, index) =>
      index < 48
        ? null
        : { state: index < 50 ? ('now' as const) : ('well' as const), spool: null, vault: null },
    )
    expect(stateChart('State', cells, 24)).toContain(
      '30 min look now, 12 h all well, 12 h not known',
    )
    expect(countChart('Spool', [null, 100, 0], 24)).toContain('now none, at most 100')
    expect(countChart('Spool', [null], 24)).toContain('now not known')
  })

  it('draw worse as taller', () => {
    const heights = (['well', 'soon', 'now'] as const).map((state) =>
      Number(/ height="([\d.]+)"/.exec(stateChart('', [{ state, spool: 0, vault: 0 }], 24))?.[1]),
    )
    expect(heights).toEqual([3, 6, 10])
  })
})

describe('dashboardHtml', () => {
  const htmlOf = (health: Health, figures: typeof quiet | null = quiet) =>
    dashboardHtml({
      health,
      figures,
      history: createHistory({ clock, stepMinutes: 15 }),
      stepMinutes: 15,
      now: clock.now(),
      isHeld: false,
    })

  it('puts what is an error before what is a warning, each with its link', () => {
    const html = htmlOf(healthWith('QUARANTINE_NOT_EMPTY', 'DISK_FULL'))
    expect([...html.matchAll(/\/runbook#([A-Z_]+)/g)].map(([, code]) => code)).toEqual([
      'DISK_FULL',
      'QUARANTINE_NOT_EMPTY',
    ])
    expect(html).toContain('<code>tumen queue inspect</code>')
  })

  it('runs no script and asks for nothing', () => {
    expect(htmlOf(healthWith('DISK_FULL'))).not.toMatch(/<script|<link|<img| style=|https?:/)
  })

  it('shows every figure, and none as 0 that is not known', () => {
    const rows = steppedGroups(null).flatMap((group) => group.rows)
    expect(rows.length).toBeGreaterThan(10)
    expect(rows.every(({ value }) => value === null)).toBe(true)
    expect(htmlOf(well, null)).toContain('There are no figures yet')
  })

  it('escapes the texts of problems', () => {
    const evil: Health = {
      ...well,
      problems: [{ ...problem('DISK_FULL'), detail: '<script>"\'&', wayOut: '`<b>`' }],
    }
    expect(htmlOf(evil)).toContain('&lt;script&gt;&quot;&#39;&amp;')
    expect(htmlOf(evil)).toContain('<code>&lt;b&gt;</code>')
  })
})

describe('runbookHtml', () => {
  it('has one place for every problem', () => {
    const ids = [...runbookHtml().matchAll(/ id="([^"]+)"/g)].map(([, id]) => id)
    expect(new Set(ids).size).toBe(ids.length)
    for (const code of problemCodes) expect(ids).toContain(code)
  })

  it('leads to the section that bears its name, and keeps the name by which others link to it', () => {
    const html = renderRunbook(
      '| `DISK_FULL` | x |\n|---|---|\n| `DISK_FULL` | x |\n\n### TumenDiskFull\n\nDo.\n\n## Again\n\n## Again',
    )
    expect(html).toContain('<h3 id="tumendiskfull"><span id="DISK_FULL">TumenDiskFull</span></h3>')
    expect(html.match(/id="DISK_FULL"/g)).toHaveLength(1)
    expect(html).toContain('id="again-1"')
  })

  it('leaves out what is not Markdown, and links to nothing that is not served', () => {
    const html = renderRunbook(
      '<script>alert(1)</script>\n\n<b onclick=x>y</b> [keys](../keys/README.md) [x](javascript:alert(1)) ![p](http://x/y.png)\n\n<!-- note -->',
    )
    expect(html.split('</header>')[1]).not.toMatch(/script|onclick|href|src=|note/)
  })
})
