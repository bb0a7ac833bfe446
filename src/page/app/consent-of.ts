import { type ConsentLevels, levelsOf, narrowerThan } from '../../tip/consent-choice.ts'
import type { Draft } from './draft.ts'

type Answers = Pick<Draft, 'consentChoice' | 'isUnToo' | 'consent'>

/** The level for each recipient: the choice for all of them, refined by answers for single ones. */
export function consentIn({ consentChoice, isUnToo, consent }: Answers): ConsentLevels {
  return { ...levelsOf(consentChoice === '' ? null : consentChoice, isUnToo), ...consent }
}

/** The answers after the choice for all recipients was changed. */
export function chooseConsent(
  draft: Answers,
  change: Partial<Pick<Draft, 'consentChoice' | 'isUnToo'>>,
): Answers {
  const { consentChoice, isUnToo } = { ...draft, ...change }
  const levels = consentIn({ consentChoice, isUnToo, consent: {} })
  return { consentChoice, isUnToo, consent: narrowerThan(levels, draft.consent) }
}
