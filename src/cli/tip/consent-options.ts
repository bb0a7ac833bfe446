import { consentChoices, consentOf, consentTextOf, levelsOf } from '../../tip/consent-choice.ts'
import type { DetentionTip } from '../../tip/schema.ts'
import type { Day } from '../../time/day.ts'
import { usageError } from '../frame/errors.ts'

/** The options with which a source says whom staff may tell, as on the page. */
export const consentOptions = {
  consent: {
    type: 'string',
    value: 'CHOICE',
    about: `whom staff may tell: ${consentChoices.join(', ')} (default: ask_me)`,
  },
  un: { type: 'boolean', about: 'with --consent with_names: the UN too' },
} as const

/** What each choice means. The same as on the page. */
export const consentHelp = `Whom may we tell, without asking you again (--consent)?
  with_names     those who can help, with names: the UN refugee agency, the International Committee of the
                 Red Cross, human rights organisations. Before embassies or the media you are asked
  without_names  the same, embassies and the media: what happened, without names
  ask_me         you are asked first: only possible if you keep the twelve words and come back
  nobody         nobody is told
--un: also the United Nations. They give the case, with the name, to the government that holds the person,
and other governments concerned may get a copy, perhaps North Korea's. It counts only with with_names.
Your own name and how to reach you are never passed on. Nobody can promise that it helps.`

interface ConsentValues {
  consent?: string | undefined
  un?: boolean | undefined
}

/**
 * Adds the choice to a tip.
 * @throws CliError `USAGE` for an unknown choice, and for a tip that already contains consent.
 */
export function withConsent(tip: DetentionTip, values: ConsentValues, day: Day): DetentionTip {
  const { consent, un = false } = values
  if (un && consent !== 'with_names')
    throw usageError('--un counts only with --consent with_names: give both, or neither')
  if (consent === undefined) return tip
  const choice = consentChoices.find((name) => name === consent)
  if (choice === undefined)
    throw usageError(`--consent must be one of ${consentChoices.join(', ')}`)
  if ((tip.consent ?? []).length > 0)
    throw usageError('--consent does not go with a tip that has a "consent" of its own')
  return {
    ...tip,
    consent: consentOf(levelsOf(choice, un)),
    consent_meta: { ...tip.consent_meta, text_version: consentTextOf('en'), date: `${day}~` },
  }
}
