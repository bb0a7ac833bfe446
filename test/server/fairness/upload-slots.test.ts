import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Circuit } from '../../../src/server/fairness/circuit.ts'
import { SHARED } from '../../../src/server/fairness/circuit.ts'
import type { Entry, UploadKind } from '../../../src/server/fairness/slot.ts'
import { UploadSlots } from '../../../src/server/fairness/upload-slots.ts'

const MEGABYTE = 1_000_000

/** An upload that releases its slot as soon as it is evicted, as a real one does. */
class Source {
  readonly startedMs = Date.now()
  bytesPerSecond = MEGABYTE
  isCut = false
  isIn = false
  refusal: unknown = null
  onCut = (): void => {}
  readonly gone = new AbortController()
  release = (): void => {}

  constructor(
    slots: UploadSlots,
    circuit: string,
    kind: UploadKind = 'resumable',
    entry: Entry = 'calm',
  ) {
    const upload = {
      circuit: circuit as Circuit,
      kind,
      entry,
      receivedBytes: () => (this.bytesPerSecond * (Date.now() - this.startedMs)) / 1000,
      cut: () => {
        this.isCut = true
        this.release()
        this.onCut()
      },
    }
    slots.take(upload, this.gone.signal).then(
      (release) => {
        this.isIn = true
        this.release = release
      },
      (cause: unknown) => {
        this.refusal = cause
        this.onCut()
      },
    )
  }
}

const pass = (ms: number): Promise<unknown> => vi.advanceTimersByTimeAsync(ms)
const slotsOf = (maxUploads: number, circuitUploads = maxUploads, isCrowded = false): UploadSlots =>
  new UploadSlots({
    limits: { maxUploads, circuitUploads, waitMs: 30_000 },
    nowMs: () => Date.now(),
    isCrowded: () => isCrowded,
  })

async function fill(
  slots: UploadSlots,
  count: number,
  circuitOf: (at: number) => string,
  kind?: UploadKind,
  entry?: Entry,
): Promise<Source[]> {
  const sources = Array.from(
    { length: count },
    (_, at) => new Source(slots, circuitOf(at), kind, entry),
  )
  await pass(0)
  return sources
}

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

describe('UploadSlots', () => {
  describe('when one circuit asks for all', () => {
    it('gives it its share, lets the rest wait, and refuses them in the end', async () => {
      const slots = slotsOf(16, 8)
      const greedy = await fill(slots, 10, () => 'greedy')
      expect(greedy.filter(({ isIn }) => isIn)).toHaveLength(8)
      await pass(30_000)
      expect(greedy.slice(8).map(({ refusal }) => refusal)).toEqual([
        expect.objectContaining({ code: 'TOO_MANY_UPLOADS' }),
        expect.objectContaining({ code: 'TOO_MANY_UPLOADS' }),
      ])
    })

    it('keeps an eighth for circuits without a slot', async () => {
      const slots = slotsOf(16)
      const greedy = await fill(slots, 16, () => 'greedy')
      expect(greedy.filter(({ isIn }) => isIn)).toHaveLength(14)
      const [one, two] = await fill(slots, 2, (at) => `new ${at}`)
      expect([one?.isIn, two?.isIn, greedy.some(({ isCut }) => isCut)]).toEqual([true, true, false])
    })
  })

  describe('when all slots are taken', () => {
    it('cuts a resumable upload of the heaviest circuit for a new one, but not in its first three seconds', async () => {
      const slots = slotsOf(8)
      const light = await fill(slots, 1, () => 'light')
      const heavy = await fill(slots, 6, () => 'heavy')
      await fill(slots, 1, () => 'other')
      const [fresh] = await fill(slots, 1, () => 'fresh')
      await pass(2_400)
      expect(fresh?.isIn).toBe(false)
      await pass(1_000)
      expect(fresh?.isIn).toBe(true)
      expect(heavy.filter(({ isCut }) => isCut)).toHaveLength(1)
      expect(light[0]?.isCut).toBe(false)
    })

    it('gives a whole upload two minutes', async () => {
      const slots = slotsOf(2)
      const [whole] = await fill(slots, 1, () => 'one', 'whole')
      const [fresh] = await fill(slots, 1, () => 'fresh', 'whole')
      await pass(29_000)
      expect([whole?.isCut, fresh?.isIn]).toEqual([false, false])
      await pass(1_000)
      expect(fresh?.refusal).toMatchObject({ code: 'TOO_MANY_UPLOADS' })
      await pass(89_000)
      const [later] = await fill(slots, 1, () => 'later', 'whole')
      await pass(2_000)
      expect([whole?.isCut, later?.isIn]).toEqual([true, true])
    })

    it('cuts an upload that hardly moves for any other, even of its own circuit', async () => {
      const slots = slotsOf(2)
      const [slow, quick] = await fill(slots, 2, () => SHARED)
      if (slow) slow.bytesPerSecond = 10
      const [fresh] = await fill(slots, 1, () => SHARED)
      await pass(9_000)
      expect(slow?.isCut).toBe(false)
      await pass(2_000)
      expect([slow?.isCut, quick?.isCut, fresh?.isIn]).toEqual([true, false, true])
    })

    it('gives at most half of the slots to uploads that cannot be cut', async () => {
      const slots = slotsOf(8)
      const whole = await fill(slots, 8, (at) => `whole ${at}`, 'whole')
      expect(whole.filter(({ isIn }) => isIn)).toHaveLength(4)
      const [resumable] = await fill(slots, 1, () => 'fresh')
      await pass(1_000)
      expect(resumable?.isIn).toBe(true)
    })
  })

  describe('when many wait', () => {
    it('first admits circuits with the least recent use, one upload of each in turn', async () => {
      const slots = slotsOf(1)
      const [used] = await fill(slots, 1, () => 'used', 'whole')
      await pass(5_500)
      const again = await fill(slots, 3, () => 'used')
      const [fresh] = await fill(slots, 1, () => 'fresh')
      used?.release()
      await pass(1)
      expect([fresh?.isIn, again.some(({ isIn }) => isIn)]).toEqual([true, false])
    })

    it('soon serves a newcomer after a thousand circuits came at once', async () => {
      const slots = slotsOf(64, 32)
      const attackers = await fill(slots, 1000, (at) => `attacker ${at}`)
      const [honest] = await fill(slots, 1, () => 'honest')
      await pass(29_000)
      const served = attackers.filter(({ isIn }) => isIn).length
      expect(served).toBeGreaterThan(400)
      honest?.gone.abort()
      const [again] = await fill(slots, 1, () => 'honest')
      await pass(29_000)
      expect(again?.isIn).toBe(true)
    })

    it('serves an upload that sends, although sixteen times as many circuits as slots hardly send', async () => {
      const slots = slotsOf(16, 8)
      const holder = (at: number): void => {
        const source = new Source(slots, `holder ${at}`, 'whole')
        source.bytesPerSecond = 1
        source.onCut = () => setTimeout(() => holder(at), 100)
      }
      for (let at = 0; at < 256; at += 1) holder(at)
      await pass(60_000)
      const [honest] = await fill(slots, 1, () => 'honest', 'whole')
      await pass(30_000)
      const [again] = await fill(slots, honest?.isIn ? 0 : 1, () => 'honest', 'whole')
      await pass(29_000)
      expect(honest?.isIn || again?.isIn).toBe(true)
    })

    it('forgets uploads that have ended', async () => {
      const slots = slotsOf(1)
      const [first] = await fill(slots, 1, () => 'one')
      const [gone] = await fill(slots, 1, () => 'two')
      gone?.gone.abort()
      await pass(0)
      expect(gone?.refusal).toMatchObject({ code: 'ABORTED' })
      first?.release()
      await pass(10)
      expect([slots.taken, slots.isCrowded]).toEqual([0, false])
    })
  })

  describe('in a crowd', () => {
    const flood = (slots: UploadSlots, count: number, kind: UploadKind): Promise<Source[]> =>
      fill(slots, count, (at) => `flood ${at}`, kind, 'unproven')
    const prove = (slots: UploadSlots, count: number, kind?: UploadKind): Promise<Source[]> =>
      fill(slots, count, (at) => `proven ${at}`, kind, 'proven')

    it('gives uploads with a proof all but an eighth, however many without one came before', async () => {
      const slots = slotsOf(16, 16, true)
      const unproven = await flood(slots, 40, 'resumable')
      expect(unproven.filter(({ isIn }) => isIn)).toHaveLength(16)
      const proven = await prove(slots, 20)
      await pass(8_000)
      expect(proven.filter(({ isIn, isCut }) => isIn && !isCut)).toHaveLength(14)
      expect(unproven.filter(({ isIn, isCut }) => isIn && !isCut)).toHaveLength(2)
    })

    it('keeps an eighth for uploads without a proof, however many with one came before', async () => {
      const slots = slotsOf(16, 16, true)
      const proven = await prove(slots, 40)
      expect(proven.filter(({ isIn }) => isIn)).toHaveLength(14)
      const without = await flood(slots, 2, 'resumable')
      await pass(8_000)
      expect(without.map(({ isIn, isCut }) => [isIn, isCut])).toEqual([
        [true, false],
        [true, false],
      ])
    })

    it('cuts an upload without a proof beyond that eighth for one with a proof, even of a heavier circuit', async () => {
      const slots = slotsOf(8, 8, true)
      const [used] = await fill(slots, 1, () => 'used', 'resumable', 'proven')
      await pass(20_000)
      used?.release()
      const without = await flood(slots, 8, 'resumable')
      const [again] = await fill(slots, 1, () => 'used', 'resumable', 'proven')
      await pass(4_000)
      expect([again?.isIn, without.filter(({ isCut }) => isCut).length]).toEqual([true, 1])
    })

    it('keeps that eighth for whole uploads too', async () => {
      const slots = slotsOf(16, 16, true)
      expect((await prove(slots, 16, 'whole')).filter(({ isIn }) => isIn)).toHaveLength(6)
      expect((await flood(slots, 3, 'whole')).map(({ isIn }) => isIn)).toEqual([true, true, false])
    })

    it('admits an upload with a proof before all others, even of a heavier circuit', async () => {
      const slots = slotsOf(2, 2, true)
      const [used] = await fill(slots, 1, () => 'used', 'resumable', 'proven')
      await flood(slots, 1, 'whole')
      await pass(20_000)
      const waiting = await flood(slots, 3, 'resumable')
      const [again] = await fill(slots, 1, () => 'used', 'resumable', 'proven')
      used?.release()
      await pass(1)
      expect([again?.isIn, waiting.some(({ isIn }) => isIn)]).toEqual([true, false])
    })

    it('lets uploads without a proof take turns in their eighth', async () => {
      const slots = slotsOf(8, 8, true)
      await prove(slots, 8)
      const [first] = await fill(slots, 1, () => 'first', 'resumable', 'unproven')
      await pass(6_000)
      const [second] = await fill(slots, 1, () => 'second', 'resumable', 'unproven')
      await pass(1_000)
      expect([first?.isCut, second?.isIn]).toEqual([true, true])
    })
  })

  it('takes a slot back once', async () => {
    const slots = slotsOf(4)
    const [one, two] = await fill(slots, 2, () => 'a')
    one?.release()
    one?.release()
    expect(slots.taken).toBe(1)
    two?.release()
    expect(slots.taken).toBe(0)
  })
})
