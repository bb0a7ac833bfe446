import type { ComponentChild } from 'preact'
import { h } from 'preact'
import type { CaseView } from '../files/case-view.ts'
import { printable } from '../text/printable.ts'
import { caseTitle, people } from './case-words.ts'
import { count } from '../../text/count.ts'
import { marks, sentences } from './card.ts'
import { consentBanner } from './consent-banner.ts'
import { conversation } from './conversation.ts'
import type { Relations } from './relations.ts'
import { relatedCases } from './relations.ts'
import { facts, minuteOf, said, section, words } from './said.ts'
import { eventFacts, persons } from './sheet-facts.ts'
import { corrections, files, openedFacts, source, whatChanged } from './sheet-record.ts'
import { dayInWords } from './when.ts'
import { windowMeter } from './window-meter.ts'

/** Longer narratives get the full width below the facts: in a column they would take pages. */
const maxColumnCharacters = 2_500

/** Everything about one case on one page; marks what must not leave the desk. */
export function sheet(view: CaseView, relations: Relations): ComponentChild[] {
  const { tip, original, state } = view
  const theirWords = section('In their words', narrative(view))
  const isLong = (original?.narrative.length ?? 0) > maxColumnCharacters
  return [
    consentBanner(view),
    h('h1', null, caseTitle(view)),
    h(
      'p',
      { class: 'meta' },
      'Case ',
      h('span', { class: 'id' }, view.id),
      ` · ${people(view.peopleCount)} · ${words(state.status)}`,
      [state.assigned, state.group].map((text) => (text === null ? null : [' · ', said(text)])),
    ),
    h(
      'div',
      { class: 'sheet' },
      h(
        'div',
        null,
        urgency(view),
        section('What happened', eventFacts(view)),
        section(
          `Persons${view.persons.length > 1 ? ` (${view.persons.length})` : ''}`,
          persons(view),
        ),
      ),
      h(
        'div',
        null,
        isLong ? null : theirWords,
        section(
          'In our words, for reports',
          state.corrections.has('narrative') && tip !== null
            ? h('div', { class: 'text', dir: 'auto' }, said(tip.narrative, { keepsNewlines: true }))
            : null,
        ),
        section('Conversation with the source', conversation(view)),
        section(
          'Notes',
          state.notes.map(({ at, by, text }) => [
            h('p', { class: 'meta' }, minuteOf(at), ' · ', said(by)),
            h('div', { class: 'text' }, said(text, { keepsNewlines: true })),
          ]),
        ),
        section(
          'Contact log',
          state.contacts.length === 0
            ? null
            : facts(
                state.contacts.map(
                  (contact) =>
                    [
                      `${printable(contact.day)} ${words(contact.with)}`,
                      said(contact.text),
                    ] as const,
                ),
              ),
        ),
        section(
          'Tried so far',
          (tip?.steps?.actions ?? []).length === 0
            ? null
            : facts(
                (tip?.steps?.actions ?? []).map(
                  ({ action, when, result }) =>
                    [words(action), [when ?? '', ' ', said(result)]] as const,
                ),
              ),
        ),
        section('Fields that this version does not know', unknownFields(view)),
        section('Corrected by an analyst', corrections(view)),
        section('Belongs with', relatedCases(view, relations)),
        section('Files', files(view)),
        source(view),
      ),
    ),
    isLong ? theirWords : null,
    h(
      'details',
      { class: 'history' },
      h('summary', null, `How it came, what was done (${count(view.changes.length, 'change')})`),
      openedFacts(view),
      view.changes.length === 0
        ? null
        : h(
            'ul',
            null,
            view.changes.map((change) =>
              h(
                'li',
                null,
                `${minuteOf(change.at)} · `,
                said(change.by),
                `: ${whatChanged(change)}`,
              ),
            ),
          ),
    ),
    h('details', { class: 'history' }, h('summary', null, 'To change something'), commands(view)),
  ]
}

function urgency(view: CaseView): ComponentChild {
  const { triage, state } = view
  const { tier, priority, decidedBy, computed, isOverdue, dueAt, window } = triage
  const decision = {
    rules: null,
    earlier: `the rules, on an earlier day; today they say tier ${computed}`,
    analyst: `an analyst; the rules say tier ${computed}`,
  }[decidedBy]
  return h(
    'section',
    { class: `urgency t${tier}` },
    h('h2', null, `Tier ${tier}: ${priority.toLowerCase()}`),
    marks(view),
    windowMeter(view),
    h(
      'ul',
      null,
      sentences(view).map((text) => h('li', null, said(text))),
    ),
    facts([
      ['Decided by', decision],
      ['Window', window === null ? null : window.source],
      ['Own deadline', state.deadline === null ? null : dayInWords(state.deadline)],
      [
        isOverdue ? 'Was to be read by' : 'To be read by',
        state.status === 'new'
          ? h('span', { class: isOverdue ? 'late' : undefined }, minuteOf(dueAt))
          : null,
      ],
      ['Reliability', words(state.reliability)],
    ]),
  )
}

/** The narrative as it arrived; an analyst's account never replaces it. */
function narrative({ id, original, opened }: CaseView): ComponentChild {
  if (original !== null)
    return h(
      'div',
      {
        class: 'text',
        lang: original.lang === 'other' ? undefined : (original.lang ?? undefined),
        dir: 'auto',
      },
      said(original.narrative, { keepsNewlines: true }),
    )
  return h(
    'div',
    null,
    h('p', null, 'There is no tip that can be read. Look at the files, and write it yourself:'),
    h('p', { class: 'command' }, h('code', null, `tumen case set ${id} narrative "…"`)),
    h(
      'ul',
      null,
      opened.problems.map(({ code, detail }) => h('li', null, `${code}: `, said(detail))),
    ),
  )
}

function commands({ id }: CaseView): ComponentChild {
  const lines = [
    `tumen case set ${id} status read`,
    `tumen case note ${id} "…"`,
    `tumen case consent ${id} un named --given-by "…"`,
    `tumen case link ${id} OTHER --as same_event`,
  ]
  return h(
    'div',
    { class: 'command' },
    h('p', null, 'In the terminal; or tumen desk, to choose by keyboard.'),
    lines.map((line) => h('code', null, line)),
  )
}

/** Answers to questions that a newer page may ask and this desk does not know, as they arrived. */
function unknownFields({ unknownFields: fields }: CaseView): ComponentChild {
  return fields.length === 0
    ? null
    : h(
        'ul',
        null,
        fields.map(({ path, value }) => h('li', null, said(path), ': ', said(value))),
      )
}
