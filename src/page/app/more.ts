import { h, type ComponentChild } from 'preact'
import { countryLabels } from './countries.ts'
import type { MoreContext } from './form-context.ts'
import { ConsentPart } from './more-consent.ts'
import { EventPart } from './more-event.ts'
import { PersonsPart } from './more-persons.ts'
import { SourcePart, StepsPart } from './more-source.ts'
import { formLanguageOf } from './speaking.ts'

/**
 * The optional section "More, if you can", in the order in which people tell such things. It is
 * loaded after the first paint.
 */

type PartName = 'persons' | 'event' | 'steps' | 'source' | 'consent'

const part = ({ texts }: MoreContext, name: PartName, children: ComponentChild[]): ComponentChild =>
  h(
    'details',
    { id: `more-${name}`, class: 'more part' },
    h('summary', null, texts.more[name]),
    children,
  )

export function MoreSection(context: MoreContext): ComponentChild {
  const labels = countryLabels(formLanguageOf(context.state.texts))
  return h(
    'div',
    null,
    part(context, 'persons', PersonsPart(context, labels)),
    part(context, 'event', EventPart(context, labels)),
    part(context, 'steps', StepsPart(context)),
    part(context, 'source', SourcePart(context)),
    context.state.followUp === null && part(context, 'consent', ConsentPart(context)),
  )
}
