import { h, type ComponentChild } from 'preact'
import { consentLevels, consentRecipients, yesNoUnknown } from '../../tip/codes.ts'
import { askBox, askChoice, askLine, change } from './answer-fields.ts'
import { consentIn } from './consent-of.ts'
import { Choice, Group } from './fields.ts'
import type { MoreContext } from './form-context.ts'

/**
 * The questions about consent, one for each recipient: consent to one says nothing about another.
 */
export function ConsentPart(context: MoreContext): ComponentChild[] {
  const { texts, draft } = context
  const levels = consentIn(draft)
  return [
    Group(
      { id: 'consent', label: texts.ask.consent, hint: texts.hint.consent },
      h(
        'div',
        { class: 'consent' },
        consentRecipients.map((recipient) =>
          Choice({
            id: `consent-${recipient}`,
            label: texts.recipients[recipient],
            codes: consentLevels,
            labels: texts.levels,
            value: levels[recipient],
            onValue: (level) =>
              change(context, { consent: { ...draft.consent, [recipient]: level } }),
          }),
        ),
      ),
    ),
    askLine(context, 'givenBy'),
    askChoice(context, 'familyAgrees', yesNoUnknown, texts.yesNo),
    askBox(context, 'wish'),
  ]
}
