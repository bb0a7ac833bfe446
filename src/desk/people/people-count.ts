import type { DetentionTip } from '../../tip/schema.ts'

/**
 * The least and greatest number of people a tip may refer to. It counts the persons described, the
 * number the source gave, and companions, who may be among the persons described.
 */
export function peopleCountOf(tip: DetentionTip | null): { min: number; max: number } {
  const described = tip?.persons?.length ?? 0
  const companions = tip?.event?.companions ?? 0
  const said = tip?.people_count
  const min = Math.max(1, described, said?.min ?? 0, companions > 0 ? companions + 1 : 0)
  return { min, max: Math.max(min, said?.max ?? 0, described + companions) }
}
