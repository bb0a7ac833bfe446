import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ATTACKS, type AttackName } from './support/attacks.ts'
import type { Sent } from './support/honest.ts'
import { besiege, median, sendTips } from './support/siege.ts'
import { type Look, openTarget, type Target } from './support/target.ts'
import { eventually } from '../support/eventually.ts'
import { intakeEnv } from '../../src/supervise/intake-env.ts'

/** The limits stated in `docs/threat-model.md`. */
const MOST_ADDED_MEBIBYTES = 320
const MOST_UNFINISHED = 256
const MOST_UNFINISHED_BYTES = 256 * 1024 * 1024
const LEAST_SUCCESS = 0.99

const TIPS = 5
const all: Sent[] = []
let calmMs = Number.NaN

describe.each([
  { who: 'one circuit', circuits: 1, connections: 300 },
  { who: 'a thousand circuits', circuits: 1000, connections: 1000 },
])('an honest source, while $who attacks', ({ who, circuits, connections }) => {
  let target: Target
  let before: Look

  beforeAll(async () => {
    target = await openTarget(intakeEnv)
    for (const unit of [target.site.intake, target.site.worker]) unit.start()
    for (const unit of [target.site.intake, target.site.worker]) await unit.untilReady()
    calmMs = median((await sendTips(target, TIPS)).map(({ ms }) => ms))
    before = target.look()
  })

  afterAll(() => target.dispose())

  it.each(Object.keys(ATTACKS) as AttackName[])(
    'gets its receipts: %s',
    { timeout: 400_000 },
    async (name) => {
      const { sent, statuses, peak } = await besiege(target, { name, circuits, connections }, TIPS)
      all.push(...sent)
      console.log(
        `attack: ${name}, ${who}: ${describeSent(sent)}; attacker was answered ${JSON.stringify(statuses)}; ${JSON.stringify(peak)}`,
      )
      expect(sent.filter(({ isSafe }) => !isSafe)).toEqual([])
      expect(peak.residentMebibytes - before.residentMebibytes).toBeLessThan(MOST_ADDED_MEBIBYTES)
      expect(peak.unfinishedBytes).toBeLessThan(MOST_UNFINISHED_BYTES)
      await eventually(
        () =>
          expect(isReleased(target.look())).toEqual({
            descriptors: true,
            temporary: true,
            unfinished: true,
          }),
        { interval: 100 },
      )
    },
  )

  it('leaves the intake unchanged, and its log empty', async () => {
    expect(target.site.intake.log).toBe('')
    expect((await sendTips(target, 2)).every(({ isSafe, tries }) => isSafe && tries === 1)).toBe(
      true,
    )
  })

  /**
   * Checks that resources are released. Unfinished uploads are kept so that their sources can
   * resume them; their number is limited.
   */
  const isReleased = (look: Look): Record<string, boolean> => ({
    descriptors: look.descriptors <= before.descriptors + 4,
    temporary: look.temporary === 0,
    // An unfinished upload has two files (its record and its bytes), a finished one has one (its
    // record).
    unfinished: look.unfinished <= 2 * MOST_UNFINISHED + all.length,
  })
})

describe('over all attacks', () => {
  it('at least 99 of 100 tips got a receipt', () => {
    const safe = all.filter(({ isSafe }) => isSafe).length
    console.log(
      `attack: ${safe} of ${all.length} tips safe; undisturbed ${calmMs.toFixed(0)} ms; ${describeSent(all)}`,
    )
    expect(all.length).toBeGreaterThanOrEqual(100)
    expect(safe / all.length).toBeGreaterThanOrEqual(LEAST_SUCCESS)
  })
})

function describeSent(sent: readonly Sent[]): string {
  const times = sent.map(({ ms }) => ms)
  const obstacles = sent.flatMap((one) => one.obstacles)
  const counted = Object.entries(Object.groupBy(obstacles, (obstacle) => obstacle)).map(
    ([text, list]) => `${text} × ${list?.length}`,
  )
  return `${sent.filter(({ isSafe }) => isSafe).length}/${sent.length} safe, median ${median(times).toFixed(0)} ms (undisturbed ${calmMs.toFixed(0)}), longest ${Math.max(...times).toFixed(0)} ms${counted.length > 0 ? `, in the way: ${counted.join(', ')}` : ''}`
}
