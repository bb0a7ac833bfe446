import { describe, expect, it } from 'vitest'
import { readHeartbeats } from '../../../src/queue/heartbeat.ts'
import { runToEnd, useWorkerSite } from '../worker-site.ts'
import { eventually } from '../../support/eventually.ts'

const place = useWorkerSite()

describe('the worker process and Redis', () => {
  it('uses Redis once it comes', async () => {
    await place.site.redis.kill()
    place.site.worker.start()
    await place.site.worker.untilReady()
    await place.site.redis.start()
    await eventually(async () =>
      expect(await readHeartbeats(place.site.redis.client())).toHaveLength(1),
    )
    await place.spool(3)
    await place.untilSealed(3)
  })

  it('ends with 0 while Redis is frozen', async () => {
    place.site.worker.start()
    await place.site.worker.untilReady()
    await eventually(async () =>
      expect(await readHeartbeats(place.site.redis.client())).toHaveLength(1),
    )
    place.site.redis.freeze()
    expect(await place.site.worker.stop()).toBe(0)
  })
})

describe('a second worker', () => {
  it.each([
    ['in the same namespaces', false],
    ['in other network and PID namespaces', true],
  ])(
    'ends with 2 when another worker %s holds the data folder, and the other one continues',
    async (_, isApart) => {
      place.site.worker.start()
      await place.site.worker.untilReady()
      const { status, log } = await runToEnd(place.site.secondWorker({ isApart }))
      expect({ status, log }).toMatchObject({
        status: 2,
        log: expect.stringMatching(/another worker/),
      })
      await place.spool(1)
      await place.untilSealed(1)
    },
  )

  it('starts at once after a worker in other namespaces was killed', async () => {
    const other = place.site.secondWorker({ isApart: true })
    other.start()
    await other.untilReady()
    await other.kill()
    place.site.worker.start()
    await place.site.worker.untilReady()
    await place.spool(1)
    await place.untilSealed(1)
  })
})
