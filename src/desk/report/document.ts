import type { riskFlags } from '../../tip/codes.ts'

/**
 * A report as a small tree that two renderers draw: as HTML for print, and as DOCX. Text that
 * somebody else wrote is always `Said`, so that both renderers isolate it from the text around.
 */

/** Text from a tip, a name or a place. Renderers make it printable and isolate it. */
export interface Said {
  readonly said: string
}

/** A plain string is our own text. */
export type Inline = string | Said | { readonly strong: string }
/** One line; a value or a cell may have several lines. */
export type Line = readonly Inline[]

export interface Field {
  readonly label: string
  /** Whether the recipient takes no case without this field. */
  readonly isNeeded?: boolean
  /**
   * Empty if the value is unknown or must not leave; it is then drawn as a gap to fill in by hand.
   */
  readonly lines: readonly Line[]
}

export type Block =
  | { readonly kind: 'heading'; readonly level: 1 | 2 | 3; readonly text: Line }
  | { readonly kind: 'paragraph'; readonly tone?: 'lead' | 'note' | 'warning'; readonly text: Line }
  | { readonly kind: 'list'; readonly items: readonly Line[] }
  | { readonly kind: 'fields'; readonly fields: readonly Field[] }
  | {
      readonly kind: 'table'
      readonly caption?: string
      readonly head: readonly string[]
      readonly rows: readonly (readonly Line[])[]
    }
  | { readonly kind: 'page' }

export interface ReportDocument {
  readonly title: string
  readonly language: string
  /**
   * The day, `YYYY-MM-DD`, for the file's properties; it has no time, so that the same report has
   * the same bytes.
   */
  readonly day: string
  readonly blocks: readonly Block[]
}

export const said = (text: string): Said => ({ said: text })
export const heading = (level: 1 | 2 | 3, ...text: Line): Block => ({
  kind: 'heading',
  level,
  text,
})
export const paragraph = (...text: Line): Block => ({ kind: 'paragraph', text })
export const note = (...text: Line): Block => ({ kind: 'paragraph', tone: 'note', text })
export const warning = (...text: Line): Block => ({ kind: 'paragraph', tone: 'warning', text })
export const fields = (...rows: readonly Field[]): Block => ({ kind: 'fields', fields: rows })

/** Lines of text that somebody else wrote; missing and blank texts give no line. */
export function saidLines(...texts: readonly (string | null | undefined)[]): Line[] {
  return texts
    .filter((text) => text !== null && text !== undefined && text.trim() !== '')
    .map((text) => [said(text ?? '')])
}

/** Lines of our own text; missing and empty texts give no line. */
export function ownLines(...texts: readonly (string | null | undefined)[]): Line[] {
  return texts
    .filter((text) => text !== null && text !== undefined && text !== '')
    .map((text) => [text ?? ''])
}

const strong =
  /[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}]|\p{L}/u
const rightToLeft =
  /[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}]/u

/** Whether a text runs from right to left, judged by its first letter as in HTML's `dir="auto"`. */
export function isRightToLeft(text: string): boolean {
  const [first] = strong.exec(text) ?? []
  return first !== undefined && rightToLeft.test(first)
}

/**
 * The risks that a report may state. The working groups forward a case to the government that holds
 * the person, and anybody may read a summary. People are punished for earlier returns, contact with
 * South Koreans and officials in the family, so no report has a word for these.
 */
export const shownRisks = [
  'pregnant',
  'medical',
  'disability',
  'elderly',
  'child_alone',
] as const satisfies readonly (typeof riskFlags)[number][]
export type ShownRisk = (typeof shownRisks)[number]
