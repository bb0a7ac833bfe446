import type { AgeRange } from './ages.ts'

/** An age in whole years, for lists: `4`, `4 to 5`, `under 1`. */
export function ageInYears({ min, max }: AgeRange): string {
  if (max === 0) return 'under 1'
  return min === max ? String(min) : `${min === 0 ? 'under 1' : min} to ${max}`
}
