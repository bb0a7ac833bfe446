import * as Type from 'typebox'
import { consentLevels, consentRecipients } from '../../tip/codes.ts'
import { maxReplyChars } from './bounds.ts'

/** Progress of an analyst's work on a case. */
export const caseStatuses = ['new', 'read', 'acting', 'waiting', 'closed'] as const
/** Zero is the most urgent (see triage.ts for the meaning of each tier). */
export const tiers = [0, 1, 2, 3] as const
export type Tier = (typeof tiers)[number]
export const linkKinds = ['duplicate', 'same_event', 'same_group', 'related'] as const
export const contactWays = [
  'from_source',
  'to_source',
  'authority',
  'un',
  'unhcr',
  'icrc',
  'embassy',
  'ngo',
  'media',
  'family',
  'other',
] as const

const strict = { additionalProperties: false }
const stamp = {
  /** UTC, `YYYY-MM-DDTHH:MM:SSZ`. */
  at: Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}Z$' }),
  /** The name that the analyst gave; `tumen` for changes made by the program itself. */
  by: Type.String({ minLength: 1, maxLength: 100 }),
}
const text = Type.String({ minLength: 1, maxLength: 20_000 })
const reason = Type.Optional(Type.String({ maxLength: 2_000 }))
const digest = Type.String({ pattern: '^[0-9a-f]{64}$' })
const receipt = digest
const messageId = Type.String({ pattern: '^[0-9a-f]{32}$' })

/**
 * One action on a case by an analyst. A case file lists these actions in order. Nothing is ever
 * overwritten: the current state results from applying all of them (`stateOf`).
 */
export const Change = Type.Union([
  /**
   * `field` is either a path into the tip (`event.detained_when`, `persons.0.status`), for a
   * correction that leaves tip.json unchanged, or one of the analyst's own fields: `status`
   * (caseStatuses), `tier` (0–3 or null), `reliability`, `assigned`, `deadline` (a day), `group` (a
   * name), `title`, `persons.N.person_id`, `persons.N.confirmed` (true/false), `persons.N.guide`
   * (true/false). A null `value` takes back the earlier value; for a path into the tip, the
   * source's own value applies again.
   */
  Type.Object(
    {
      kind: Type.Literal('set'),
      ...stamp,
      field: Type.String({ maxLength: 200 }),
      value: Type.Unknown(),
      reason,
    },
    strict,
  ),
  Type.Object({ kind: Type.Literal('note'), ...stamp, text }, strict),
  Type.Object(
    { kind: Type.Literal('link'), ...stamp, to: receipt, as: Type.Enum([...linkKinds]), reason },
    strict,
  ),
  Type.Object({ kind: Type.Literal('unlink'), ...stamp, to: receipt, reason }, strict),
  /**
   * Consent that the source gave or withdrew after the tip. The latest entry for a recipient
   * applies.
   */
  Type.Object(
    {
      kind: Type.Literal('consent'),
      ...stamp,
      recipient: Type.Enum([...consentRecipients]),
      level: Type.Enum([...consentLevels]),
      given_by: Type.String({ minLength: 1, maxLength: 500 }),
      reason,
    },
    strict,
  ),
  /** An entry of the contact log, modelled on HURIDOCS interventions and responses. */
  Type.Object(
    {
      kind: Type.Literal('contact'),
      ...stamp,
      with: Type.Enum([...contactWays]),
      day: Type.String({ maxLength: 23 }),
      text,
    },
    strict,
  ),
  /**
   * Confirms that a wording of the source may leave the desk unchanged. `sha256` is the digest of
   * the value that was read (`confirmationDigest`), so that another value in the same field is not
   * confirmed; null takes an earlier confirmation back.
   */
  Type.Object(
    {
      kind: Type.Literal('confirm'),
      ...stamp,
      field: Type.String({ minLength: 1, maxLength: 200 }),
      sha256: Type.Union([digest, Type.Null()]),
    },
    strict,
  ),
  /**
   * A file that only an analyst's decision lets leave the desk. `file` is the digest of the
   * attachment, `copy` that of the Dangerzone copy; `nothing` takes an earlier release back.
   */
  Type.Object(
    {
      kind: Type.Literal('release'),
      ...stamp,
      file: digest,
      as: Type.Enum(['original', 'copy', 'nothing']),
      copy: Type.Union([digest, Type.Null()]),
      reason: Type.String({ minLength: 1, maxLength: 2_000 }),
    },
    strict,
  ),
  /**
   * An answer to the source. `id` is the same in every part and repeat. Drops record when it left
   * the desk; see `replies/` in the casebook.
   */
  Type.Object(
    {
      kind: Type.Literal('reply'),
      ...stamp,
      id: messageId,
      language: Type.String({ pattern: '^[a-z]{2,8}$' }),
      text: Type.String({ minLength: 1, maxLength: maxReplyChars }),
      /** Recipients whom the source is asked about; the page words the question. */
      asks: Type.Array(Type.Enum([...consentRecipients]), { maxItems: consentRecipients.length }),
    },
    strict,
  ),
  /** An answer that is not to be sent, or not sent again. */
  Type.Object({ kind: Type.Literal('withdraw_reply'), ...stamp, id: messageId, reason }, strict),
  /** Ends the conversation with the source, or opens it again. */
  Type.Object(
    { kind: Type.Literal('close_thread'), ...stamp, closed: Type.Boolean(), reason },
    strict,
  ),
  /**
   * Written by the program: the most urgent tier it ever computed, so that a case never becomes
   * less urgent without an analyst's decision.
   */
  Type.Object(
    {
      kind: Type.Literal('tier_reached'),
      ...stamp,
      tier: Type.Enum([...tiers]),
      reasons: Type.Array(Type.String({ maxLength: 500 }), { maxItems: 50 }),
    },
    strict,
  ),
])
export type Change = Type.Static<typeof Change>

/** `case.json`. */
export const CaseFile = Type.Object(
  {
    schema: Type.Literal('tumen-case/1'),
    receipt,
    changes: Type.Array(Change, { maxItems: 10_000 }),
  },
  strict,
)
export type CaseFile = Type.Static<typeof CaseFile>
