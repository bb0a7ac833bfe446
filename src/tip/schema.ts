import * as Type from 'typebox'
import { Attachment } from './attachment.ts'
import {
  maxAsTyped,
  maxAttachments,
  maxNarrativeChars,
  maxPeopleCount,
  maxPersons,
} from './bounds.ts'
import { consentRecipients, languages, topics, yesNoUnsure } from './codes.ts'
import { Consent, ConsentMeta } from './consent.ts'
import { DetentionEvent } from './event.ts'
import { code, count, group, high, line, list, low, medium, note, nullable } from './fields.ts'
import { Person } from './person.ts'
import { tipSchemaIds } from './schema-id.ts'
import { Source } from './source.ts'
import { Steps } from './steps.ts'
import { answers, close, Reply } from './thread.ts'

/** What a source typed into a field for a date or a number if it could not be read completely. */
const AsTyped = group({
  /** Path of that field: `persons.0.birth`. */
  field: line(low),
  text: note(high),
})

/**
 * A tip. Only the narrative is required: missing details never stop a tip. `writeTip` writes the
 * fields in this order.
 */
export const DetentionTip = Type.Object(
  {
    schema: Type.Optional(Type.Enum(tipSchemaIds)),
    narrative: Type.String({ minLength: 1, maxLength: maxNarrativeChars, pattern: '\\S', ...high }),
    lang: code(languages, low),
    topic: code(topics, medium),
    urgent_now: code(yesNoUnsure, low),
    people_count: nullable(
      group({ min: count(maxPeopleCount, low), max: count(maxPeopleCount, low) }),
    ),
    persons: list(Person, maxPersons, high),
    event: nullable(DetentionEvent),
    steps: nullable(Steps),
    source: nullable(Source),
    as_typed: list(AsTyped, maxAsTyped, high),
    consent: list(Consent, consentRecipients.length, high),
    consent_meta: nullable(ConsentMeta),
    reply: nullable(Reply),
    // New words of the source: from now on only they are answered.
    reply_next: nullable(Reply),
    answers,
    close,
    attachments: list(Attachment, maxAttachments, high),
  },
  { additionalProperties: false },
)
export type DetentionTip = Type.Static<typeof DetentionTip>
