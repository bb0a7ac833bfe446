import type { Tier } from '../files/case-file.ts'
import type { Triage } from '../files/case-view.ts'

/**
 * For each tier, the hours within which somebody must read the case, and the term of HURIDOCS
 * micro-thesaurus 46 (docs/domain.md, section 2).
 */
export const tierRules: Readonly<Record<Tier, { hours: number; priority: Triage['priority'] }>> = {
  0: { hours: 2, priority: 'Urgent' },
  1: { hours: 12, priority: 'High priority' },
  2: { hours: 72, priority: 'Priority' },
  3: { hours: 14 * 24, priority: 'Low priority' },
}

export function oneTierUp(tier: Tier): Tier {
  return Math.max(0, tier - 1) as Tier
}

export function moreUrgent(a: Tier, b: Tier): Tier {
  return Math.min(a, b) as Tier
}
