import { describe, expect, it } from 'vitest'
import { findOverdue } from '../../src/ops/overdue.ts'

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
