import { describe, expect, it } from 'vitest'
import { type ChoresOptions, runChores } from '../../workers/chores.ts'

const chores = [
  'sweep',
  'discarding',
  'ledger',
  'collecting',
  'answers',
  'sharing answers',
  'night',
  'retention',
  'canaries',
  'chain',
  'forget',
]

/** Runs a round in which each chore only records that it ran, and the chore `failing` throws. */
async function runWith(
  failing: string | null,
  isMine = true,
  changed: Record<string, unknown> = {},
): Promise<{ ran: string[]; states: string[] }> {
  const ran: string[] = []
  const states: string[] = []
  const run = async (name: string): Promise<void> => {
    if (!ran.includes(name)) ran.push(name)
    if (name === failing) throw Object.assign(new Error('the disk'), { code: 'EIO' })
  }
  async function* list(prefix: string): AsyncGenerator<never> {
    if (prefix === 'quarantine' || prefix === 'sealed') await run('ledger')
    yield* []
  }
  const options = {
    log: {
      line: () => {},
      state: (topic: string, text: string | null) =>
        text?.includes('failed') === true && states.push(topic),
    },
    isStopping: () => false,
    sweep: async () => {
      await run('sweep')
      return { seen: 0, queued: 0, stored: 0, isRedisAway: false }
    },
    requests: { list: async () => (await run('discarding'), []) },
    isMine: () => isMine,
    isLedgerDue: () => false,
    onLedgerDone: () => {},
    takeInReplies: async () => (await run('answers'), []),
    shareReplies: () => run('sharing answers'),
    moveByNight: () => run('night'),
    deleteExpired: () => run('retention'),
    inbox: { names: async () => (await run('collecting'), []) },
    store: { list },
    ledger: { isBehind: () => true, startComparing: () => () => {}, lastOf: () => null },
    clock: { now: () => new Date('2026-11-23T12:00:00Z') },
    retentionDays: 30,
    removeCanaries: () => run('canaries'),
    readChain: () => run('chain'),
    count: async () => {},
    mark: async () => {},
    forget: () => run('forget'),
    sweepMs: 10_000,
    ...changed,
  }
  await runChores(options as unknown as ChoresOptions)
  return { ran, states }
}

describe('a round of chores', () => {
  it.each(chores)('runs all the others when %s fails', async (failing) => {
    const { ran, states } = await runWith(failing)
    expect(ran.toSorted()).toEqual(chores.toSorted())
    // A failure of `forget` is not reported: it means that Redis is away, which ops reports, and
    // then there is nothing to forget.
    expect(states.length).toBe(failing === 'forget' ? 0 : 1)
  })

  it('discards before it compares the ledger, which would enter half a discard as a new dead letter', async () => {
    const { ran } = await runWith(null)
    expect(ran.indexOf('discarding')).toBeLessThan(ran.indexOf('ledger'))
  })

  it('compares the ledger again after a comparison that failed', async () => {
    let done = 0
    const due = { isLedgerDue: () => true, onLedgerDone: () => (done += 1) }
    await runWith('ledger', true, due)
    expect(done).toBe(0)
    await runWith(null, true, due)
    expect(done).toBe(1)
  })

  it('tells ops of an acknowledgement only once one is applied', async () => {
    let marks = 0
    const changed = { mark: async () => void (marks += 1) }
    await runWith('collecting', true, changed)
    await runWith(null, true, changed)
    expect(marks).toBe(0)
  })

  it('sweeps also while a large vault is entered into the ledger', async () => {
    const swept: number[] = []
    let appended = 0
    async function* list(prefix: string) {
      const count = prefix === 'sealed' ? 10_000 : 0
      for (let number = 0; number < count; number += 1)
        yield { receipt: String(number), bytes: 1, day: new Date(0) }
    }
    await runWith(null, true, {
      sweepMs: 0,
      sweep: async () => {
        swept.push(appended)
        return { seen: 0, queued: 0, stored: 0, isRedisAway: false }
      },
      store: { list },
      canaries: { among: async () => new Set() },
      ledger: {
        isBehind: () => true,
        startComparing: () => () => {},
        lastOf: () => null,
        append: async () => ((appended += 1), true),
      },
    })
    expect(swept).toEqual([0, 2048, 4096, 6144, 8192, 10_000])
  })

  it('leaves the work for all machines to another machine', async () => {
    const { ran } = await runWith(null, false)
    expect(ran).toEqual([
      'sweep',
      'discarding',
      'collecting',
      'answers',
      'sharing answers',
      'canaries',
      'chain',
      'forget',
    ])
  })
})
