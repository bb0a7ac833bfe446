import type { DetentionTip } from '../../tip/schema.ts'
import type { Day } from '../../time/day.ts'
import { addDays, addHours, dayOfInstant, daysBetween } from '../../time/day.ts'
import type { Tier } from '../files/case-file.ts'
import type {
  ActBy,
  CaseState,
  CaseView,
  PersonView,
  Triage,
  TriageReason,
} from '../files/case-view.ts'
import { peopleCountOf } from '../people/people-count.ts'
import { actByOf } from './act-by.ts'
import type { CaseFacts } from './facts.ts'
import { gatherFacts } from './facts.ts'
import { moreUrgent, oneTierUp, tierRules } from './tiers.ts'
import type { WindowRule } from './windows.ts'
import { count } from '../../text/count.ts'

/** The end of a window is an estimate: four days before and a week after it count as the end. */
export const daysBeforeEnd = 4
export const daysAfterEnd = 7
const expectedSoonDays = 3
/** The urgent procedure of the WGEID covers the first three months. */
const recentDays = 90

export interface TriageInput {
  tip: DetentionTip | null
  /** UTC instant. */
  openedAt: string
  state: Pick<CaseState, 'status' | 'tier' | 'reachedTier' | 'deadline'>
  persons: readonly PersonView[]
  now: Date
  windows: readonly WindowRule[]
}

/**
 * Computes the tier of a case, the reasons for it, and the day to act by. Pure: the same input
 * always gives the same result.
 */
export function triage({ tip, openedAt, state, persons, now, windows }: TriageInput): Triage {
  const today = dayOfInstant(now)
  const peopleCount = peopleCountOf(tip).min
  const facts = gatherFacts({ tip, persons, peopleCount, today, windows })
  const base = tierOfFacts(facts)
  const isRaised = facts.vulnerabilities.length > 0 && base.tier > 0
  const byRules = isRaised ? oneTierUp(base.tier) : base.tier
  const dueAt = addHours(openedAt, tierRules[effectiveTier(byRules, state).tier].hours)
  const isOverdue = state.status === 'new' && Date.parse(dueAt) < now.getTime()
  const computed = isOverdue ? oneTierUp(byRules) : byRules
  const { tier, decidedBy } = effectiveTier(computed, state)
  return {
    tier,
    computed,
    decidedBy,
    reasons: [
      ...base.reasons,
      ...facts.vulnerabilities,
      ...(isRaised ? [raisedReason(facts)] : []),
      ...(isOverdue ? [unreadReason(byRules)] : []),
      ...reasonOfDecision(decidedBy, tier, computed),
      // Shown only; it neither raises nor lowers the tier.
      ...(tip?.urgent_now === 'yes'
        ? [
            {
              code: 'SOURCE_SAYS_NOW',
              text: 'the source says they are still held, or may be sent back soon',
            },
          ]
        : []),
    ],
    window: facts.window,
    actBy: actByOfFacts(facts, state.deadline),
    dueAt,
    isOverdue,
    priority: tierRules[tier].priority,
  }
}

function raisedReason({ vulnerabilities }: CaseFacts): TriageReason {
  const texts = vulnerabilities.map(({ text }) => text)
  return { code: 'RAISED', text: `one tier more urgent for ${texts.join(', ')}` }
}

function unreadReason(tier: Tier): TriageReason {
  return { code: 'UNREAD', text: `nobody has read it within ${tierRules[tier].hours} hours` }
}

function actByOfFacts(facts: CaseFacts, deadline: Day | null): ActBy | null {
  return actByOf({
    today: facts.today,
    expected: nextExpectedDay(facts),
    windowEnds: nextEndOfWindow(facts),
    deadline,
  })
}

/**
 * The first day from today on which the expected return is still possible; when the range has
 * passed, its earliest day.
 */
function nextExpectedDay({ expected, today }: CaseFacts): Day | null {
  const earliest = expected?.earliest ?? expected?.latest ?? null
  return earliest === null ? null : stillPossible(earliest, expected?.latest ?? null, today)
}

function nextEndOfWindow({ window, latest, today }: CaseFacts): Day | null {
  if (window === null) return null
  const latestEnd = latest === null ? null : addDays(latest, window.days)
  return stillPossible(window.endsOn, latestEnd, today)
}

/** Returns today when `earliest` has passed and `latest` has not; otherwise `earliest`. */
function stillPossible(earliest: Day, latest: Day | null, today: Day): Day {
  return earliest < today && latest !== null && latest >= today ? today : earliest
}

/** The analyst's tier if there is one; otherwise the most urgent tier the case ever had. */
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

interface TierWithReasons {
  tier: Tier
  reasons: TriageReason[]
}

/**
 * The rules of docs/domain.md, section 2, before anything raises the tier. Missing facts never
 * lower a tier: an unknown date may be recent, and an unknown custody or nationality is a risk of
 * return.
 */
function tierOfFacts(facts: CaseFacts): TierWithReasons {
  if (facts.isOver)
    return {
      tier: 3,
      reasons: [{ code: 'OVER', text: 'everybody is said to be back, free or dead' }],
    }
  const urgent = urgentReasons(facts)
  const risks = facts.returnRisks
  if (urgent.length > 0) return { tier: 0, reasons: [...urgent, ...risks] }
  const unknownDate =
    facts.earliest === null
      ? [{ code: 'DATE_UNKNOWN', text: 'nobody knows when it happened: it may be recent' }]
      : []
  if (risks.length > 0)
    return { tier: 1, reasons: [...risks, ...unknownDate, ...windowReason(facts)] }
  if (facts.earliest === null) return { tier: 1, reasons: unknownDate }
  return tierByAge(facts.earliest, facts.latest, facts.today)
}

/** A vague or open date may be recent, so a case counts as old only by its latest possible day. */
function tierByAge(earliest: Day, latest: Day | null, today: Day): TierWithReasons {
  const [most, least] = [
    Math.max(0, daysBetween(earliest, today)),
    latest === null ? 0 : Math.max(0, daysBetween(latest, today)),
  ]
  return least <= recentDays
    ? {
        tier: 2,
        reasons: [
          { code: 'RECENT', text: `held for at most ${count(most, 'day')}, no sign of a return` },
        ],
      }
    : {
        tier: 3,
        reasons: [
          { code: 'OLDER', text: `held for at least ${count(least, 'day')}, no sign of a return` },
        ],
      }
}

function urgentReasons(facts: CaseFacts): TriageReason[] {
  const reasons: TriageReason[] = []
  if (facts.isReturnReported)
    reasons.push({ code: 'RETURN_REPORTED', text: 'a return is reported, and not of everybody' })
  if (facts.returnRisks.length === 0) return reasons
  if (facts.isMoving)
    reasons.push({ code: 'MOVED', text: 'they were moved, and may be on the way to the border' })
  reasons.push(...expectedSoonReason(facts))
  const { window } = facts
  if (window !== null && window.leftDays <= daysBeforeEnd && window.leftDays >= -daysAfterEnd)
    reasons.push(...windowReason(facts))
  return reasons
}

/** An expected return without an earliest day may happen today. */
function expectedSoonReason({ expected, today }: CaseFacts): TriageReason[] {
  if (expected === null || (expected.earliest === null && expected.latest === null)) return []
  const from = expected.earliest ?? today
  if (daysBetween(today, from) > expectedSoonDays) return []
  const when = expected.earliest === null ? `by ${expected.latest}` : `from ${from} on`
  return [{ code: 'EXPECTED_SOON', text: `a return is expected ${when}` }]
}

function windowReason({ window }: CaseFacts): TriageReason[] {
  if (window === null) return []
  const { custody, destination, days, elapsedDays, leftDays } = window
  const left =
    leftDays >= 0
      ? count(leftDays, 'is left', 'are left')
      : `${-leftDays} over; people were held longer before`
  return [
    {
      code: 'WINDOW',
      text: `taken up to ${count(elapsedDays, 'day')} ago; ${custody} to ${destination} takes about ${days}: ${left}`,
    },
  ]
}

/**
 * The tier to record in the case file, so that the case never becomes less urgent by itself. Null
 * when it is not more urgent than the recorded one.
 */
export function newlyReachedTier({
  triage: { computed, reasons },
  state,
}: Pick<CaseView, 'triage' | 'state'>): { tier: Tier; reasons: string[] } | null {
  if (state.reachedTier !== null && moreUrgent(state.reachedTier, computed) === state.reachedTier)
    return null
  return { tier: computed, reasons: reasons.map(({ code }) => code) }
}
