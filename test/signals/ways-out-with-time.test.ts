import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { ask } from '../durability/support/ask.ts'
import {
  acknowledgeTips,
  exportTips,
  readyz,
  restart,
  startGreen,
  storeOne,
  walk,
} from './green-site.ts'
import { createMachineClock, type MachineClock } from './machine-clock.ts'
import { demoDays, replaceKeyring, type WatchedSite } from './watched-site.ts'

/*
 * The problems that time brings or takes away, on a machine whose clock is set and moved on.
 */

const minuteMs = 60_000
const hourMs = 60 * minuteMs
const dayMs = 24 * hourMs

/** Lets ops compare the clocks, which it does at most four times a second. */
async function look(site: WatchedSite): Promise<void> {
  await sleep(300)
  await readyz(site)
}

async function startGreenWith(clock: MachineClock): Promise<WatchedSite> {
  return await startGreen({ env: clock.env, ops: clock.ops })
}

describe('what /readyz says to do makes the site green again', { timeout: 120_000 }, () => {
  it('when the keyring begins tomorrow, once tomorrow has come', async () => {
    const clock = await createMachineClock()
    const site = await startGreenWith(clock)
    await replaceKeyring(site, demoDays + 1)
    await restart(site.intake)
    const page = { method: 'GET', path: '/keyring.json' }
    await walk(site, 'KEYRING_NOT_YET', async () => {
      expect(await ask(site.socket, page)).toMatchObject({ status: 503 })
      clock.pass(dayMs)
    })
    expect(await ask(site.socket, page)).toMatchObject({ status: 200 })
  })

  it('when nobody has exported, then when no desk has acknowledged', async () => {
    const clock = await createMachineClock()
    const site = await startGreenWith(clock)
    await storeOne(site)
    clock.pass(25 * hourMs)
    let receipts: string[] = []
    await walk(site, 'EXPORT_OVERDUE', async () => {
      receipts = await exportTips(site, clock.env)
      expect(receipts).toHaveLength(1)
    })
    clock.pass(4 * dayMs)
    await walk(site, 'ACKNOWLEDGEMENT_OVERDUE', () =>
      acknowledgeTips(site, receipts, { now: clock.now(), env: clock.env }),
    )
  })

  it('when the clock jumped, an hour after it was set right', async () => {
    const clock = await createMachineClock()
    const site = await startGreenWith(clock)
    clock.set(10 * minuteMs)
    await walk(site, 'CLOCK_MOVED', async () => {
      clock.set(0)
      await look(site)
      clock.pass(hourMs - minuteMs)
      await look(site)
      await site.untilTold('CLOCK_MOVED')
      clock.pass(2 * minuteMs)
    })
  })

  it('when the clock ran away in small steps, a week after it was set right', async () => {
    const clock = await createMachineClock()
    const site = await startGreenWith(clock)
    const stepMs = 25_000
    for (let aheadMs = stepMs; aheadMs <= 6 * minuteMs; aheadMs += stepMs) {
      clock.set(aheadMs)
      await look(site)
    }
    await walk(site, 'CLOCK_MOVED', async () => {
      clock.set(0)
      await look(site)
      clock.pass(7 * dayMs - hourMs)
      await look(site)
      await site.untilTold('CLOCK_MOVED')
      clock.pass(2 * hourMs)
    })
  })

  it('when the clock is behind, once it is set right', async () => {
    const clock = await createMachineClock()
    const site = await startGreenWith(clock)
    await storeOne(site)
    clock.set(-2 * dayMs)
    await site.untilTold('CLOCK_BEHIND')
    clock.set(0)
    await site.untilTold('CLOCK_BEHIND', { isGone: true })
    await walk(site, 'CLOCK_MOVED', async () => clock.pass(hourMs + minuteMs))
  })

  it('when the clock was ahead, on the day that it showed then', async () => {
    const clock = await createMachineClock(2 * dayMs)
    const site = await startGreenWith(clock)
    await storeOne(site)
    clock.set(0)
    await walk(site, 'CLOCK_BEHIND', async () => {
      clock.pass(dayMs)
      await look(site)
      await site.untilTold('CLOCK_BEHIND')
      clock.pass(dayMs)
    })
  })
})
