import type { DetentionTip } from '../../tip/schema.ts'
import type { Tier } from '../files/case-file.ts'
import type { CaseState, CaseView, PersonView, Triage, TriageReason } from '../files/case-view.ts'
import { addHours, dayOfInstant, daysBetween } from '../../time/day.ts'
import type { CaseFacts } from './facts.ts'
import { gatherFacts } from './facts.ts'
import { moreUrgent, oneTierUp, tierRules } from './tiers.ts'
import type { WindowRule } from './windows.ts'

/** The end of the window is a guess: four days before it and a week after it count as its end. */
export const daysBeforeEnd = 4
export const daysAfterEnd = 7
const expectedSoonDays = 3
/** WGEID takes urgent actions for three months. */
const recentDays = 90

export interface TriageInput {
  tip: DetentionTip | null
  /** UTC instant. */
  openedAt: string
  state: Pick<CaseState, 'status' | 'tier' | 'reachedTier'>
  persons: readonly PersonView[]
  now: Date
  windows: readonly WindowRule[]
}

/**
 * Tier, the reasons for it, and what is left of the time. Pure: the same case at the same moment
 * gives the same.
 */
export function triage({ tip, openedAt, state, persons, now, windows }: TriageInput): Triage {
  const facts = gatherFacts(tip, persons, dayOfInstant(now), windows)
  const base = tierOfFacts(facts)
  const isRaised = facts.vulnerabilities.length > 0 && base.tier > 0
  const byRules = isRaised ? oneTierUp(base.tier) : base.tier
  const dueAt = addHours(openedAt, tierRules[effectiveTier(byRules, state).tier].hours)
  const isOverdue = state.status === 'new' && Date.parse(dueAt) < now.getTime()
  const computed = isOverdue ? oneTierUp(byRules) : byRules
  const { tier, decidedBy } = effectiveTier(computed, state)
  const reasons = [
    ...base.reasons,
    ...facts.vulnerabilities,
    ...(isRaised
      ? [
          {
            code: 'RAISED',
            text: `one tier more urgent for ${facts.vulnerabilities.map(({ text }) => text).join(', ')}`,
          },
        ]
      : []),
    ...(isOverdue
      ? [{ code: 'UNREAD', text: `nobody has read it within ${tierRules[byRules].hours} hours` }]
      : []),
    ...reasonOfDecision(decidedBy, tier, computed),
    // A hint alone: it neither raises nor lowers, but whoever reads the card should know.
    ...(tip?.urgent_now === 'yes'
      ? [{ code: 'SOURCE_SAYS_NOW', text: 'the source says it is happening now' }]
      : []),
  ]
  return {
    tier,
    computed,
    decidedBy,
    reasons,
    window: facts.window,
    dueAt,
    isOverdue,
    priority: tierRules[tier].priority,
  }
}

/** An analyst decides; else a case never sinks below what it once was. */
function effectiveTier(
  computed: Tier,
  { tier, reachedTier }: TriageInput['state'],
): Pick<Triage, 'tier' | 'decidedBy'> {
  if (tier !== null) return { tier, decidedBy: 'analyst' }
  if (reachedTier !== null && reachedTier < computed)
    return { tier: reachedTier, decidedBy: 'earlier' }
  return { tier: computed, decidedBy: 'rules' }
}

function reasonOfDecision(
  decidedBy: Triage['decidedBy'],
  tier: Tier,
  computed: Tier,
): TriageReason[] {
  if (decidedBy === 'earlier')
    return [
      { code: 'NEVER_LOWERED', text: `it was in tier ${tier} before; only an analyst lowers it` },
    ]
  if (decidedBy === 'rules' || tier === computed) return []
  return [
    {
      code: 'ANALYST',
      text: `an analyst put it into tier ${tier}; the rules say tier ${computed}`,
    },
  ]
}

interface Ruled {
  tier: Tier
  reasons: TriageReason[]
}

/**
 * DOMAIN §2, without what raises. What is missing never lowers: an unknown date counts as one that
 * may be recent.
 */
function tierOfFacts(facts: CaseFacts): Ruled {
  if (facts.isOver)
    return {
      tier: 3,
      reasons: [{ code: 'OVER', text: 'all who are named are back, free or dead' }],
    }
  const urgent = urgentReasons(facts)
  const risk = facts.returnRisks.map((text) => ({ code: 'RETURN_RISK', text }))
  if (urgent.length > 0) return { tier: 0, reasons: [...urgent, ...risk] }
  if (risk.length > 0) return { tier: 1, reasons: [...risk, ...windowReason(facts)] }
  if (facts.earliest === null)
    return {
      tier: 1,
      reasons: [{ code: 'DATE_UNKNOWN', text: 'nobody knows when it happened: it may be recent' }],
    }
  const days = daysBetween(facts.earliest, facts.today)
  if (days <= recentDays)
    return {
      tier: 2,
      reasons: [
        { code: 'RECENT', text: `held for at most ${Math.max(0, days)} days, no sign of a return` },
      ],
    }
  return {
    tier: 3,
    reasons: [{ code: 'OLDER', text: `it may have begun ${days} days ago, no sign of a return` }],
  }
}

function urgentReasons(facts: CaseFacts): TriageReason[] {
  const reasons: TriageReason[] = []
  if (facts.returnReported)
    reasons.push({ code: 'RETURN_REPORTED', text: 'a return is reported, and not of everybody' })
  if (facts.returnRisks.length === 0) return reasons
  if (facts.isMoving)
    reasons.push({ code: 'MOVED', text: 'they were moved, and may be on the way to the border' })
  if (facts.expected !== null && daysBetween(facts.today, facts.expected) <= expectedSoonDays) {
    reasons.push({ code: 'EXPECTED_SOON', text: `a return is expected from ${facts.expected} on` })
  }
  const { window } = facts
  if (window !== null && window.leftDays <= daysBeforeEnd && window.leftDays >= -daysAfterEnd)
    reasons.push(...windowReason(facts))
  return reasons
}

function windowReason({ window, earliest }: CaseFacts): TriageReason[] {
  if (window === null)
    return earliest === null
      ? [{ code: 'DATE_UNKNOWN', text: 'nobody knows when it happened' }]
      : []
  const { custody, destination, days, elapsedDays, leftDays } = window
  const left =
    leftDays >= 0 ? `${leftDays} are left` : `${-leftDays} over; people were held longer before`
  return [
    {
      code: 'WINDOW',
      text: `taken up to ${elapsedDays} days ago; ${custody} to ${destination} takes about ${days}: ${left}`,
    },
  ]
}

/** What must be noted in a case file so that the case never sinks; null: nothing new. */
export function newlyReachedTier({
  triage: { computed, reasons },
  state,
}: Pick<CaseView, 'triage' | 'state'>): { tier: Tier; reasons: string[] } | null {
  if (state.reachedTier !== null && moreUrgent(state.reachedTier, computed) === state.reachedTier)
    return null
  return { tier: computed, reasons: reasons.map(({ code }) => code) }
}
