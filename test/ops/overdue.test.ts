import { describe, expect, it } from 'vitest'
import { daysUntilFull, findOverdue } from '../../src/ops/overdue.ts'

const at = (text: string): Date => new Date(text)
const day = (text: string): Date => new Date(`${text}T00:00:00Z`)
const vaultOf = (oldest: string, newest = oldest) => ({ oldest: day(oldest), newest: day(newest) })

describe('findOverdue', () => {
  it.each<
    [
      string,
      ReturnType<typeof vaultOf> | { oldest: null; newest: null },
      Date | null,
      Date,
      boolean,
      boolean,
    ]
  >([
    [
      'nothing lies there',
      { oldest: null, newest: null },
      null,
      at('2026-11-30T12:00:00Z'),
      false,
      false,
    ],
    ['it came today', vaultOf('2026-11-23'), null, at('2026-11-23T23:59:00Z'), false, false],
    [
      'a day has passed without any export',
      vaultOf('2026-11-23'),
      null,
      at('2026-11-24T00:00:00Z'),
      true,
      false,
    ],
    [
      'it was exported after its day',
      vaultOf('2026-11-23'),
      at('2026-11-24T06:00:00Z'),
      at('2026-11-26T23:59:00Z'),
      false,
      false,
    ],
    [
      'it was exported after its day, and three more have passed',
      vaultOf('2026-11-23'),
      at('2026-11-24T06:00:00Z'),
      at('2026-11-27T00:00:00Z'),
      false,
      true,
    ],
    [
      'it may have come after the export of its day',
      vaultOf('2026-11-23'),
      at('2026-11-23T14:00:00Z'),
      at('2026-11-24T13:59:00Z'),
      false,
      false,
    ],
    [
      'it may have come after the export, a day ago',
      vaultOf('2026-11-23'),
      at('2026-11-23T14:00:00Z'),
      at('2026-11-24T14:00:00Z'),
      true,
      false,
    ],
    [
      'an old one was exported, a new one was not',
      vaultOf('2026-11-20', '2026-11-24'),
      at('2026-11-23T00:00:00Z'),
      at('2026-11-25T00:00:00Z'),
      true,
      true,
    ],
  ])('when %s', (_when, vault, lastExport, now, isExport, isAcknowledgement) => {
    expect(findOverdue(vault, lastExport, now)).toEqual({
      export: isExport,
      acknowledgement: isAcknowledgement,
    })
  })
})

describe('daysUntilFull', () => {
  const now = at('2026-11-23T12:00:00Z')
  const history = (days: Record<string, number>, firstDay = '2026-01-01') => ({
    firstDay,
    storedBytesByDay: new Map(Object.entries(days)),
  })

  it('goes by the last seven whole days, not by today', () => {
    expect(
      daysUntilFull(
        1000,
        history({ '2026-11-15': 10_000, '2026-11-16': 35, '2026-11-22': 35, '2026-11-23': 99_999 }),
        now,
      ),
    ).toBe(100)
  })

  it('goes by fewer days when there are no more', () => {
    expect(daysUntilFull(1000, history({ '2026-11-22': 100 }, '2026-11-22'), now)).toBe(10)
  })

  it.each([
    ['nothing came', history({})],
    ['the first came today', history({ '2026-11-23': 5 }, '2026-11-23')],
    ['the ledger is empty', { firstDay: null, storedBytesByDay: new Map<string, number>() }],
  ])('is unknown when %s', (_when, given) => {
    expect(daysUntilFull(1000, given, now)).toBeNull()
  })
})
