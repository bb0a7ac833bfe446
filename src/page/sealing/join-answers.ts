import type { OpenedDrop } from '../../replies/open-drop.ts'
import type { ReplyMessage } from '../../replies/message.ts'
import type { Day } from '../../time/day.ts'
import type { Answer, OpenedAnswers } from './replies.ts'

export const noAnswers: OpenedAnswers = { answers: [], openedOn: null, isSomeUnreadable: false }

/**
 * Puts answers together from their parts, which may have come in several drops and more than once.
 * @param opened what each drop holds for one thread, with the day of the drop
 */
export function joinAnswers(opened: readonly { day: Day; drop: OpenedDrop }[]): OpenedAnswers {
  const byId = new Map<string, Map<number, ReplyMessage>>()
  for (const { drop } of opened)
    for (const message of drop.messages) {
      const parts = byId.get(message.id) ?? new Map<number, ReplyMessage>()
      byId.set(message.id, parts)
      if (!parts.has(message.part)) parts.set(message.part, message)
    }
  const days = opened.filter(({ drop }) => drop.isOpened).map(({ day }) => day)
  return {
    answers: [...byId.values()].flatMap(answerOf).sort(byDay),
    openedOn: days.sort()[0] ?? null,
    isSomeUnreadable: opened.some(({ drop }) =>
      drop.problems.some(({ code }) => code !== 'SLOT_REPEATED'),
    ),
  }
}

function answerOf(parts: ReadonlyMap<number, ReplyMessage>): Answer[] {
  const inOrder = [...parts.values()].sort((a, b) => a.part - b.part)
  const [first] = inOrder
  if (first === undefined) return []
  return [
    {
      id: first.id,
      day: first.day,
      text: inOrder.map(({ text }) => text).join(''),
      isWhole: inOrder.length === first.parts,
      asks: first.asks,
    },
  ]
}

function byDay(a: Answer, b: Answer): number {
  if (a.day !== b.day) return a.day < b.day ? -1 : 1
  return a.id < b.id ? -1 : 1
}
