import type { ComponentChild } from 'preact'
import { h } from 'preact'
import { daysAfterEnd, daysBeforeEnd } from '../triage/triage.ts'
import type { CaseView } from '../files/case-view.ts'
import { authorityName } from '../text/code-words.ts'
import { caseTitle, people, takenAt } from './case-words.ts'
import { conversationMarks } from './conversation.ts'
import { sheetHref } from './page.ts'
import { minuteOf, said, words } from './said.ts'
import { dayInWords, whenInWords } from './when.ts'
import { windowMeter } from './window-meter.ts'

/** Reasons that the card shows as marks; it shows all other reasons as sentences. */
const markCodes = new Set([
  'MINOR',
  'ELDERLY',
  'PREGNANT',
  'MEDICAL',
  'CHILD_ALONE',
  'CONTACT_SOUTH_KOREA',
  'PREVIOUSLY_RETURNED',
])

export function cardList(views: readonly CaseView[], path: string): ComponentChild {
  return h(
    'ul',
    { class: 'cards' },
    views.map((view) => h('li', { class: `card t${view.triage.tier}` }, card(view, path))),
  )
}

/**
 * What an analyst needs to choose what to do next: who is detained, how much time is left, and why
 * the case is in its tier.
 */
export function card(view: CaseView, path: string, heading: 'h2' | 'h3' = 'h3'): ComponentChild[] {
  const { triage, state, peopleCount, tip } = view
  return [
    h(heading, null, h('a', { href: sheetHref(path, view.id) }, caseTitle(view))),
    h(
      'p',
      { class: 'meta' },
      `${people(peopleCount)} · `,
      h('span', { class: 'id' }, view.id),
      ` · ${words(state.status)}`,
      state.assigned === null ? null : [' · ', said(state.assigned)],
    ),
    marks(view),
    alikeCases(view, path),
    windowMeter(view),
    h(
      'p',
      { class: 'meta' },
      joined([
        takenAt(view),
        whenInWords(tip?.event?.detained_when),
        (tip?.event?.authority ?? []).map(authorityName).join(', '),
      ]),
    ),
    h('p', { class: 'why' }, `Tier ${triage.tier} because`),
    h(
      'ul',
      null,
      sentences(view).map((text) => h('li', null, said(text))),
    ),
    state.deadline === null || triage.actBy?.why === 'deadline'
      ? null
      : h('p', null, 'Own deadline: ', h('strong', null, dayInWords(state.deadline))),
    state.status === 'new'
      ? h(
          'p',
          { class: triage.isOverdue ? 'meta late' : 'meta', 'data-due': triage.dueAt },
          readBy(view),
        )
      : null,
  ]
}

/**
 * Marks for an overdue case, for a conversation, and for what makes its people vulnerable, visible
 * at a glance.
 */
export function marks(view: CaseView): ComponentChild {
  const { triage, state } = view
  const shown = triage.reasons
    .filter(({ code }) => markCodes.has(code))
    .map(({ code, text }) => h('li', { class: 'mark' }, markText(code, text)))
  const late =
    state.status === 'new' && triage.isOverdue ? h('li', { class: 'mark late' }, 'overdue') : null
  const talk = conversationMarks(view).map((mark) => h('li', { class: 'mark talk' }, mark))
  return shown.length === 0 && late === null && talk.length === 0
    ? null
    : h('ul', { class: 'marks' }, late, talk, shown)
}

/** The cases that perhaps tell of the same persons. */
function alikeCases({ alike }: CaseView, path: string): ComponentChild {
  if (alike.length === 0) return null
  return h('p', { class: 'meta' }, [
    'Perhaps the same as ',
    alike.map((id, index) => [
      index > 0 ? ', ' : '',
      h('a', { class: 'id', href: sheetHref(path, id) }, id),
    ]),
  ])
}

function markText(code: string, text: string): string {
  return (
    {
      PREGNANT: 'pregnant',
      MEDICAL: 'ill',
      ELDERLY: 'elderly',
      CHILD_ALONE: 'child alone',
      CONTACT_SOUTH_KOREA: 'contact with South Korea',
      PREVIOUSLY_RETURNED: 'sent back before',
    }[code] ?? text
  )
}

/** The reasons that the rest of the card does not show; if that leaves none, all reasons. */
export function sentences({ triage: { reasons, window } }: CaseView): string[] {
  const shown = reasons
    .filter(({ code }) => !markCodes.has(code))
    .map(({ code, text }) =>
      code === 'WINDOW' && window !== null ? endOfWindow(window.leftDays) : text,
    )
    .filter((text) => text !== '')
  return shown.length > 0 ? shown : reasons.map(({ text }) => text)
}

/** A meter shows the days left, so the text only says whether they are the reason for the tier. */
function endOfWindow(leftDays: number): string {
  if (leftDays > daysBeforeEnd || leftDays < -daysAfterEnd) return ''
  return leftDays >= 0
    ? 'the window is about to end'
    : 'the window has just ended; people were held longer before'
}

function readBy({ triage: { isOverdue, dueAt } }: CaseView): string {
  return isOverdue ? `Was to be read by ${minuteOf(dueAt)}` : `To be read by ${minuteOf(dueAt)}`
}

function joined(texts: readonly string[]): ComponentChild[] {
  return texts
    .filter((text) => text !== '')
    .map((text, index) => [index > 0 ? ' · ' : '', said(text)])
}
