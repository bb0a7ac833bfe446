import * as Type from 'typebox'
import { consentLevels, consentRecipients } from '../../tip/codes.ts'

/** Where an analyst's work on a case stands. */
export const caseStatuses = ['new', 'read', 'acting', 'waiting', 'closed'] as const
/** Nought is the most urgent (triage.ts says what each means). */
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
  /** The analyst, as they named themselves; `tumen` for what the program noted by itself. */
  by: Type.String({ minLength: 1, maxLength: 100 }),
}
const text = Type.String({ minLength: 1, maxLength: 20_000 })
const reason = Type.Optional(Type.String({ maxLength: 2_000 }))
const digest = Type.String({ pattern: '^[0-9a-f]{64}$' })
const receipt = digest

/**
 * One thing an analyst did to a case. A case file is the list of them, in order: nothing
 * is ever overwritten, and the state is what they add up to (`stateOf`).
 */
export const Change = Type.Union([
  /**
   * `field`: a path into the tip (`event.detained_when`, `persons.0.status`) – a correction, the
   * source's words stay in tip.json – or one of the analyst's own fields: `status` (caseStatuses),
   * `tier` (0–3 or null), `reliability`, `assigned`, `deadline` (a day), `group` (a name), `title`,
   * `persons.N.person_id`, `persons.N.confirmed` (true/false), `persons.N.guide` (true/false).
   * `value` null takes back what was set (for a path into the tip: the source's own word counts
   * again).
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
  /** Consent the source gave or took back after the tip: the latest word for a recipient counts. */
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
  /** The contact log: HURIDOCS interventions and responses. */
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
   * A wording of the source that may leave as it is. `sha256` is of the value that was read
   * (`confirmationDigest`), so another value in the same field is not confirmed; null takes an
   * earlier confirmation back.
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
   * A file that no rule lets out, released by an analyst. `file` is the digest of the attachment,
   * `copy` that of the Dangerzone copy; `nothing` takes an earlier release back.
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
   * By the program: the most urgent tier it ever computed, so that a case never sinks by itself.
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
