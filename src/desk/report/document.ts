/**
 * A report as a small tree, written once and drawn twice: as HTML that prints, and as DOCX. What
 * somebody else wrote is always `Said`, so that both drawers cut it off from the text around it.
 */

/**
 * Words of a tip, a name, a place: made printable and isolated in its direction wherever it is
 * drawn.
 */
export interface Said {
  readonly said: string
}

/** A plain string is ours. */
export type Inline = string | Said | { readonly strong: string }
/** One line; a value or a cell may have several. */
export type Line = readonly Inline[]

export interface Field {
  readonly label: string
  /** One of the items without which the recipient takes no case. */
  readonly isNeeded?: boolean
  /** Empty: not known, or not to be told; drawn as a gap to be filled by hand. */
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
  /** `YYYY-MM-DD`: stands in the file's properties, so that the same report has the same bytes. */
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

/** A field of somebody's words; nothing known is no line. */
export function saidLines(...texts: readonly (string | null | undefined)[]): Line[] {
  return texts
    .filter((text) => text !== null && text !== undefined && text.trim() !== '')
    .map((text) => [said(text ?? '')])
}

/** A field of our own words. */
export function ownLines(...texts: readonly (string | null | undefined)[]): Line[] {
  return texts
    .filter((text) => text !== null && text !== undefined && text !== '')
    .map((text) => [text ?? ''])
}
