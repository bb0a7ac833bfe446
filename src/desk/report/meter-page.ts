import type { Block, Line } from './document.ts'
import { heading, said, warning } from './document.ts'
import type { Meter } from './meter.ts'
import { neededItems } from './meter.ts'
import type { UnForm } from './un-case.ts'
import type { ReportWords } from './words/words.ts'

/**
 * A page with the meter in front of the forms, for the analyst. It is added only while something is
 * missing, so that complete forms have no page that could be sent by mistake. It contains nothing
 * that the forms do not, and no case number, because that is the start of a receipt.
 */
export function meterPage(
  { meter: words }: ReportWords,
  forms: readonly UnForm[],
  meters: readonly Meter[],
): Block[] {
  if (meters.every(({ missing }) => missing.length === 0)) return []
  const rows = forms.map(({ person }, index): Line[] => {
    const missing = meters[index]?.missing ?? []
    return [
      [person.names[0] === undefined ? person.ref : said(person.names[0].text)],
      [`${neededItems.length - missing.length}/${neededItems.length}`],
      [missing.map((item) => words.items[item]).join('; ')],
    ]
  })
  return [
    heading(1, words.title),
    warning({ strong: words.takeOut }),
    { kind: 'table', head: [words.person, words.have, words.missing], rows },
    { kind: 'page' },
  ]
}
