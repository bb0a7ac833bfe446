import { maxPeopleCount } from '../../tip/bounds.ts'

export const maxCount = maxPeopleCount

const oldestYears = 125

export const maxAge = (unit: 'years' | 'months'): number =>
  unit === 'years' ? oldestYears : oldestYears * 12

/** @returns null for what is blank, and for what is no whole number up to `maximum` */
export function wholeNumber(typed: string, maximum: number): number | null {
  // Full-width digits come from Chinese and Korean keyboards; `살`, `세` and `岁` may follow an age.
  const digits = typed
    .normalize('NFKC')
    .replace(/[살세岁歲명人名]$/u, '')
    .trim()
  if (!/^\d{1,6}$/.test(digits)) return null
  return Number(digits) <= maximum ? Number(digits) : null
}

export const isWrongNumber = (typed: string, maximum: number): boolean =>
  typed.trim() !== '' && wholeNumber(typed, maximum) === null
