import type { ComponentChild } from 'preact'
import { h } from 'preact'
import type { ConsentLevel } from '../../tip/consent.ts'
import type { CaseView } from '../files/case-view.ts'
import { said } from './said.ts'

export const recipientNames: Readonly<Record<string, string>> = {
  un: 'UN',
  unhcr: 'UNHCR',
  icrc: 'ICRC',
  embassy: 'embassies',
  ngo: 'other NGOs',
  media: 'media',
}
const levelNames: Readonly<Record<ConsentLevel, string>> = {
  no: 'never',
  ask_first: 'ask the source first',
  facts_only: 'facts without names',
  named: 'with names',
  named_photo: 'with names and photos',
}
/** Order in which consent levels are listed: refusals come first. */
const order: readonly ConsentLevel[] = ['no', 'ask_first', 'facts_only', 'named', 'named_photo']

/** A banner that says who may be told what. It comes before everything else about a case. */
export function consentBanner(view: CaseView): ComponentChild {
  const { consent, tip } = view
  const isWithdrawn = tip?.consent_meta?.withdrawn === 'yes'
  const levels = order
    .map(
      (level) =>
        [
          level,
          consent
            .filter((each) => each.level === level)
            .map(({ recipient }) => recipientNames[recipient] ?? recipient),
        ] as const,
    )
    .filter(([, recipients]) => recipients.length > 0)
  return h(
    'div',
    { class: 'banner', role: 'note', 'aria-label': 'Consent' },
    h(
      'strong',
      { class: 'title' },
      isWithdrawn ? 'Consent was withdrawn: tell nobody' : 'Who may be told',
    ),
    h(
      'dl',
      null,
      levels.map(([level, recipients]) =>
        h(
          'div',
          { class: `consent ${level}` },
          h('dt', null, levelNames[level]),
          h('dd', null, recipients.join(', ')),
        ),
      ),
    ),
    tip?.consent_meta?.given_by
      ? h(
          'p',
          { class: 'meta' },
          'Given by ',
          said(tip.consent_meta.given_by),
          '. Silence is no consent.',
        )
      : h('p', { class: 'meta' }, 'Silence is no consent.'),
    proposals(view),
  )
}

/** Consent that a follow-up gives and that an analyst has not taken over. */
function proposals({ conversation: found, id }: CaseView): ComponentChild {
  if (found === null || found.proposals.length === 0) return null
  return [
    h(
      'p',
      null,
      h('strong', null, 'Not taken over yet: '),
      found.proposals
        .map(
          ({ recipient, level, receipt }) =>
            `${recipientNames[recipient]}: ${levelNames[level]} (follow-up ${receipt.slice(0, 8)})`,
        )
        .join('; '),
      '. It comes from whoever holds the words: ask a control question first.',
    ),
    h('code', null, `tumen case accept-consent ${id} --control "…"`),
  ]
}
