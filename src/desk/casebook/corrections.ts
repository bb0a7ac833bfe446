import { TipError } from '../../tip/errors.ts'
import type { DetentionTip } from '../../tip/schema.ts'
import { checkTip } from '../../tip/tip-json.ts'
import type { CaseState } from '../files/case-view.ts'
import { CasebookError } from '../files/errors.ts'
import { isIndex, schemaAt, splitPath } from './schema-path.ts'
import { count } from '../../text/count.ts'

type Corrections = CaseState['corrections']
type Node = Record<string, unknown> | unknown[]

/** Fields that a correction must not change, and what the analyst should do instead. */
const untouchable: ReadonlyArray<readonly [field: RegExp, instead: string]> = [
  [/^schema$/u, 'schema is not a field to correct'],
  [
    /^(?:reply|reply_next|answers|close)(?:\.|$)/u,
    'how to answer the source stays as it came: a new tip of theirs can change it',
  ],
  [/^attachments(?:\.|$)/u, 'attachments are evidence and stay as they came: write a note instead'],
  [
    /^consent(?:\.|$)|^consent_meta\.withdrawn$|^consent_meta$/u,
    'consent is recorded with "tumen case consent", and who gave it',
  ],
]

/**
 * Applies the analyst's corrections to a copy of the tip. Missing groups and lists along a path are
 * created; a list grows only by one entry at its end.
 * @throws CasebookError `FIELD_UNKNOWN`; `CORRECTION_REFUSED` with the message of the tip's schema.
 */
export function effectiveTip(tip: DetentionTip, corrections: Corrections): DetentionTip
export function effectiveTip(
  tip: DetentionTip | null,
  corrections: Corrections,
): DetentionTip | null
export function effectiveTip(
  tip: DetentionTip | null,
  corrections: Corrections,
): DetentionTip | null {
  if (corrections.size === 0) return tip
  const corrected = structuredClone(tip ?? writtenByHand(corrections)) as unknown as Record<
    string,
    unknown
  >
  for (const [path, { value }] of corrections) correctAt(corrected, path, value)
  return checkCorrected(corrected)
}

/** The first version of a tip that an analyst writes because there is no readable tip.json. */
function writtenByHand(corrections: Corrections): DetentionTip {
  const narrative = corrections.get('narrative')?.value
  if (typeof narrative === 'string') return { narrative }
  throw new CasebookError(
    'CORRECTION_REFUSED',
    'there is no tip.json to correct: set narrative first, in your own words, then the other fields',
  )
}

/**
 * Applies the corrections of a case file that may have been edited by hand: those that do not fit
 * are left out and reported, the others apply.
 */
export function effectiveTipOrProblems(
  tip: DetentionTip | null,
  corrections: Corrections,
): { tip: DetentionTip | null; refused: string[] } {
  try {
    return { tip: effectiveTip(tip, corrections), refused: [] }
  } catch (error) {
    if (!(error instanceof CasebookError)) throw error
  }
  const refused: string[] = []
  const written = corrections.get('narrative')
  // A tip written by hand needs its narrative first, in whatever order the fields were set.
  const ordered = [
    ...(tip === null && written !== undefined ? [['narrative', written] as const] : []),
    ...corrections,
  ]
  let corrected = tip
  for (const [path, change] of ordered) {
    try {
      corrected = effectiveTip(corrected, new Map([[path, change]]))
    } catch (error) {
      if (!(error instanceof CasebookError)) throw error
      refused.push(error.message)
    }
  }
  return { tip: corrected, refused }
}

function checkCorrected(value: unknown): DetentionTip {
  try {
    return checkTip(value)
  } catch (error) {
    if (error instanceof TipError)
      throw new CasebookError('CORRECTION_REFUSED', error.message, error)
    throw error
  }
}

/**
 * Refuses a path that no correction may change; the message says what to do instead.
 * @throws CasebookError `CORRECTION_REFUSED`.
 */
export function refuseUntouchable(path: string): void {
  for (const [field, instead] of untouchable)
    if (field.test(path)) throw new CasebookError('CORRECTION_REFUSED', instead)
}

function correctAt(tip: Record<string, unknown>, path: string, value: unknown): void {
  schemaAt(path)
  refuseUntouchable(path)
  const steps = splitPath(path)
  let node: Node = tip
  for (const [depth, step] of steps.entries()) {
    refuseGap(node, step, steps.slice(0, depth).join('.'))
    if (depth === steps.length - 1) put(node, step, structuredClone(value))
    else node = enter(node, step, steps[depth + 1] ?? '')
  }
}

function refuseGap(node: Node, step: string, place: string): void {
  if (!Array.isArray(node) || Number(step) <= node.length) return
  throw new CasebookError(
    'CORRECTION_REFUSED',
    `${place} has ${count(node.length, 'entry', 'entries')}, so the next one is ${place}.${node.length}`,
  )
}

function enter(node: Node, step: string, next: string): Node {
  const inside = Array.isArray(node)
    ? node[Number(step)]
    : Object.hasOwn(node, step)
      ? node[step]
      : undefined
  if (typeof inside === 'object' && inside !== null) return inside as Node
  const made: Node = isIndex(next) ? [] : {}
  put(node, step, made)
  return made
}

// Every step has been found in the schema, so none is `__proto__`.
function put(node: Node, step: string, value: unknown): void {
  if (Array.isArray(node)) node[Number(step)] = value
  else node[step] = value
}
