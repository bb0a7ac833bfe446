import { h, type ComponentChild } from 'preact'
import type { ProblemCode } from '../../wire/problem-codes.ts'
import type { Spoken } from '../texts.ts'
import { startOf } from './frame.ts'
import { ForeignNote, languageAttributes, languageOfGroup } from './wording.ts'

/**
 * The problems for which the page says nothing about whether a tip was kept: it is unknown how much
 * arrived, or they never refuse one.
 */
const NOT_REFUSALS: readonly ProblemCode[] = [
  'CLOSED',
  'NOT_FOUND',
  'METHOD_NOT_ALLOWED',
  'RANGE_NOT_SATISFIABLE',
  'INTERNAL',
  'UPLOAD_HEADERS',
  'OFFSET_CONFLICT',
  'TUS_VERSION',
]

export function Problem({
  texts,
  code,
  wasSending,
}: {
  texts: Spoken<'frame' | 'problems'>
  code: ProblemCode
  /** To somebody who asks about a receipt, "nothing was kept" would be false. */
  wasSending: boolean
}): ComponentChild {
  const { heading, nothingKept, texts: problems } = texts.problems
  const [title, detail] = problems[code]
  const isRefusal = wasSending && !NOT_REFUSALS.includes(code)
  return h(
    'div',
    languageOfGroup(texts, 'problems'),
    h(ForeignNote, { texts, group: 'problems' }),
    isRefusal ? h('p', { class: 'hint' }, heading) : null,
    h('h1', null, title),
    h(
      'div',
      { class: 'notice notice-warm' },
      h('p', null, detail),
      isRefusal ? h('p', null, h('strong', null, nothingKept)) : null,
    ),
    h(
      'p',
      languageAttributes(texts.language),
      h('a', { class: 'button', href: startOf(texts.language) }, texts.frame.home),
    ),
  )
}

/**
 * The page shown when the keyring has expired or the intake is closed for a short time. It has no
 * link back, because the start page is closed as well.
 */
export function Closed({
  texts,
  code,
}: {
  texts: Spoken<'problems'>
  code: 'CLOSED' | 'DRAINING'
}): ComponentChild {
  const [title, detail] = texts.problems.texts[code]
  return h(
    'div',
    languageOfGroup(texts, 'problems'),
    h(ForeignNote, { texts, group: 'problems' }),
    h('h1', null, title),
    h('p', { class: 'lead' }, detail),
  )
}
