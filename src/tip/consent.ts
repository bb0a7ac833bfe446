import * as Type from 'typebox'
import { consentLevels, consentRecipients, yesNo, yesNoUnknown } from './codes.ts'
import { code, edtf, group, high, line, low, note } from './fields.ts'

/** Consent for one recipient and one purpose. It says nothing about other recipients. */
export const Consent = group({
  recipient: Type.Enum(consentRecipients, high),
  level: Type.Enum(consentLevels, high),
})
export type Consent = Type.Static<typeof Consent>

export const ConsentMeta = group({
  given_by: line(high),
  family_agrees: code(yesNoUnknown, high),
  detainee_wish: note(high),
  text_version: line(low),
  date: edtf(low),
  withdrawn: code(yesNo, high),
})
export type ConsentMeta = Type.Static<typeof ConsentMeta>

export type ConsentRecipient = Consent['recipient']
export type ConsentLevel = Consent['level']

interface Consenting {
  consent?: readonly Consent[] | null
  consent_meta?: ConsentMeta | null
}

/**
 * How much this recipient may be told, according to the source. Silence is never consent: without
 * an answer the level is `ask_first`, with withdrawn consent it is `no`, and of two answers the
 * narrower counts.
 */
export function consentFor(tip: Consenting, recipient: ConsentRecipient): ConsentLevel {
  if (tip.consent_meta?.withdrawn === 'yes') return 'no'
  const given = (tip.consent ?? []).filter((consent) => consent.recipient === recipient)
  return (
    consentLevels.find((level) => given.some((consent) => consent.level === level)) ?? 'ask_first'
  )
}
