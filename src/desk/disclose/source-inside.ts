import type { CaseView } from '../files/case-view.ts'

/** Shorter numbers are ages, days and house numbers. */
const minDigits = 7

/**
 * Whether a text that is about to leave reveals how to reach a source: an address or a number from
 * the contact field, however it is spaced. That field itself never leaves, but an analyst may have
 * copied from it. The original contact counts even after it was corrected.
 */
export function findsSource(
  tips: readonly Pick<CaseView, 'tip' | 'original'>[],
  leaving: unknown,
): boolean {
  const traces = tips
    .flatMap(({ tip, original }) => [tip, original])
    .flatMap((each) =>
      tracesOf([each?.source?.contact?.text, each?.source?.contact?.safe_times].join('\n')),
    )
  if (traces.length === 0) return false
  return stringsIn(leaving).some((text) => {
    const lower = text.normalize('NFKC').toLowerCase()
    const digits = lower.replace(/[\s().+\-/]/gu, '')
    return traces.some((trace) => lower.includes(trace) || digits.includes(trace))
  })
}

/** The parts of a contact that identify one person: addresses, handles and numbers. */
function tracesOf(contact: string): string[] {
  const text = contact.normalize('NFKC').toLowerCase()
  const handles = text.match(/[^\s,;:()<>"]*@[^\s,;:()<>"]{2,}/gu) ?? []
  const numbers = (text.match(/\+?\d[\d\s().\-/]*\d/gu) ?? [])
    .map((number) => number.replace(/\D/gu, ''))
    .filter((number) => number.length >= minDigits)
  // The last digits identify the person, with or without the country code.
  return [
    ...handles,
    ...numbers.map((number) => number.slice(-Math.max(minDigits, number.length - 3))),
  ]
}

function stringsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value]
  if (typeof value !== 'object' || value === null) return []
  return Object.values(value).flatMap(stringsIn)
}
