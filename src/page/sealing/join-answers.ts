import { collectAnswers } from '../../replies/collect-answers.ts'
import type { OpenedDrop } from '../../replies/open-drop.ts'
import type { Day } from '../../time/day.ts'
import type { OpenedAnswers } from './replies.ts'

export const noAnswers: OpenedAnswers = { answers: [], openedOn: null, isSomeUnreadable: false }

/** @param opened what each drop holds for one thread, with the day of the drop */
export function joinAnswers(opened: readonly { day: Day; drop: OpenedDrop }[]): OpenedAnswers {
  const byDay = [...opened].sort((a, b) => (a.day < b.day ? -1 : a.day > b.day ? 1 : 0))
  return {
    answers: collectAnswers(byDay.flatMap(({ drop }) => drop.messages)),
    openedOn: byDay.find(({ drop }) => drop.isOpened)?.day ?? null,
    isSomeUnreadable: opened.some(({ drop }) =>
      drop.problems.some(({ code }) => code !== 'SLOT_REPEATED'),
    ),
  }
}
