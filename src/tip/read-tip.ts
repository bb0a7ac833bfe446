import { Check } from 'typebox/schema'
import { maxNarrativeChars } from './bounds.ts'
import { consentRecipients } from './codes.ts'
import { Consent } from './consent.ts'
import { TipError } from './errors.ts'
import { explainMismatch, mismatches } from './explain.ts'
import { threadFields, tipSchemaIds } from './schema-id.ts'
import { DetentionTip } from './schema.ts'
import {
  findOverlongList,
  type SchemaNode,
  takeUnknownFields,
  type UnknownField,
} from './schema-walk.ts'
import { parseTipJson } from './tip-json.ts'

/** A tip as a forgiving reader understood it. */
export interface ReadTip {
  tip: DetentionTip
  /** Fields that this edition of the schema does not have, unchanged. */
  unknown: UnknownField[]
  /** Notes on what was left out or looks wrong, one sentence each, without any value of the tip. */
  problems: { code: 'FIELD_UNKNOWN' | 'FIELD_LEFT_OUT' | 'TIP_EDITION'; detail: string }[]
}

const structure: SchemaNode = DetentionTip as SchemaNode
/**
 * Maximum of rounds in which mismatches are left out: the validator reports eight errors at a time.
 */
const maxRounds = 40

/**
 * Reads `tip.json` for the desk. A tip is never refused because of a field that the desk does not
 * know or that does not match the schema: the field is left out and reported, and remains in the
 * file `tip.json`. A narrative is required. If anything about consent does not match or is unknown,
 * only refusals of consent are kept: silence means `ask_first`.
 * @throws TipError `TIP_TOO_LARGE`, `TIP_NOT_UTF8`, `TIP_NOT_JSON`, `TIP_INVALID`.
 */
export function readTip(bytes: Uint8Array): ReadTip {
  const value = parseTipJson(bytes)
  if (!isObject(value)) throw new TipError('TIP_INVALID', explainMismatch(value))
  const tip = value
  const problems: ReadTip['problems'] = [...takeEdition(tip)]
  const unknown = takeUnknownFields(structure, tip)
  problems.push(
    ...unknown.map(({ path }) => ({
      code: 'FIELD_UNKNOWN' as const,
      detail: `${path} is a field that this version does not know; it is kept and shown`,
    })),
  )
  // An unknown field about consent may limit the permission next to it.
  if (unknown.some(({ path }) => isConsent(/^\w+/u.exec(path)?.[0]))) narrowConsent(tip)
  const leftOut = [
    ...leaveOutOtherGroups(tip, unknown),
    ...shortenNarrative(tip),
    ...cutLists(tip),
    ...leaveOutMisfits(tip),
  ]
  problems.push(...leftOut.map((detail) => ({ code: 'FIELD_LEFT_OUT' as const, detail })))
  return { tip: tip as DetentionTip, unknown, problems }
}

/** Removes an edition that this program does not know. */
function takeEdition(tip: Record<string, unknown>): ReadTip['problems'] {
  const { schema } = tip
  if (schema === undefined || tipSchemaIds.some((id) => id === schema)) return []
  delete tip['schema']
  return [
    {
      code: 'TIP_EDITION',
      detail: 'the tip is of an edition that this version does not know; install the newest desk',
    },
  ]
}

/**
 * Leaves out a group for answers that has a field too many: a field that this edition does not know
 * may say how, or whether, to answer.
 */
function leaveOutOtherGroups(
  tip: Record<string, unknown>,
  unknown: readonly UnknownField[],
): string[] {
  return threadFields
    .filter((field) => unknown.some(({ path }) => path.startsWith(`${field}.`)))
    .map((field) => {
      delete tip[field]
      return `${field} has fields that this version does not know; it is left out and stays in tip.json`
    })
}

function shortenNarrative(tip: Record<string, unknown>): string[] {
  const { narrative } = tip
  if (typeof narrative !== 'string' || narrative.length <= maxNarrativeChars) return []
  const characters = [...narrative]
  if (characters.length <= maxNarrativeChars) return []
  tip['narrative'] = characters.slice(0, maxNarrativeChars).join('')
  return [`narrative is over ${maxNarrativeChars} characters; the rest is in tip.json`]
}

function cutLists(tip: Record<string, unknown>): string[] {
  const reports: string[] = []
  for (let round = 0; round < maxRounds; round += 1) {
    const found = findOverlongList(structure, tip)
    if (found === null) return reports
    const { path, maxItems } = found
    if (path === 'consent') narrowConsent(tip)
    else (at(tip, path.split(/[.[\]]+/u).filter(Boolean)) as unknown[]).length = maxItems
    reports.push(`${path} has over ${maxItems} entries; the rest is in tip.json`)
  }
  throw new TipError('TIP_INVALID', 'tip.json has too many lists that are too long')
}

function leaveOutMisfits(tip: Record<string, unknown>): string[] {
  const reports: string[] = []
  for (let round = 0; round < maxRounds; round += 1) {
    if (Check(DetentionTip, tip)) return reports
    // The last items of a list are removed first, so that the positions of the others stay valid.
    const found = mismatches(tip).toReversed()
    if (found.length === 0 || found.some(({ steps }) => steps.length === 0 || isNarrative(steps)))
      throw new TipError('TIP_INVALID', explainMismatch(tip))
    for (const { steps, text } of found) {
      leaveOut(tip, steps)
      reports.push(`${text}; it is left out and stays in tip.json`)
    }
  }
  throw new TipError('TIP_INVALID', explainMismatch(tip))
}

const isNarrative = (steps: readonly string[]) => steps[0] === 'narrative'

function leaveOut(tip: Record<string, unknown>, steps: readonly string[]): void {
  if (isConsent(steps[0])) return narrowConsent(tip)
  // The person is emptied, not removed, because analysts' notes refer to persons by position.
  if (steps.length === 2 && steps[0] === 'persons') {
    ;(tip['persons'] as unknown[])[Number(steps[1])] = {}
    return
  }
  const [holder, last] = [at(tip, steps.slice(0, -1)), steps.at(-1) ?? '']
  if (Array.isArray(holder)) holder.splice(Number(last), 1)
  else if (typeof holder === 'object' && holder !== null)
    delete (holder as Record<string, unknown>)[last]
}

const isConsent = (step: string | undefined) => step === 'consent' || step === 'consent_meta'

/**
 * Keeps refusals of consent and resets everything else to `ask_first`, so that no mistake can widen
 * a permission.
 */
function narrowConsent(tip: Record<string, unknown>): void {
  const { consent, consent_meta: meta } = tip
  const withdrawn = isObject(meta) ? meta['withdrawn'] : undefined
  tip['consent'] = Array.isArray(consent)
    ? consent
        .filter((each) => isObject(each) && each['level'] === 'no')
        .map(({ recipient, level }) => ({ recipient, level }))
        .filter((each) => Check(Consent, each))
        .slice(0, consentRecipients.length)
    : []
  tip['consent_meta'] =
    withdrawn === undefined || withdrawn === null || withdrawn === 'no'
      ? null
      : { withdrawn: 'yes' }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function at(value: unknown, steps: readonly string[]): unknown {
  return steps.reduce<unknown>(
    (inner, step) =>
      typeof inner === 'object' && inner !== null && Object.hasOwn(inner, step)
        ? (inner as Record<string, unknown>)[step]
        : undefined,
    value,
  )
}
