import type { Language } from '../page/languages.ts'
import { receiptPage } from '../page/pages.ts'
import type { Receipt } from '../store/blob-store.ts'
import { Memo } from './memo.ts'

interface Frame {
  language: Language
  isDemo: boolean
}

/** Rendered in place of the receipt and replaced by it. */
const PLACEHOLDER = 'x'.repeat(64)
const PLACES = /(<p[^>]* data-receipt[^>]*>)([^]*?)(<\/p>)/

/** More than there are languages, with and without the mark of a demo. */
const MAX_TEMPLATES = 64
const templates = new Memo<string>(MAX_TEMPLATES)

/**
 * The page after a tip has arrived: the same bytes for everybody, but for the receipt in one marked
 * place. No address holds the receipt, so it gets into no history.
 */
export function receivedPage(frame: Frame, receipt: Receipt): string {
  const template = templates.get(`${frame.language} ${frame.isDemo}`, () =>
    receiptPage({ ...frame, receipt: PLACEHOLDER, state: 'accepted' }),
  )
  const groups = receipt.match(/.{4}/g) ?? []
  return template.replace(PLACES, (_all, before: string, _groups, after: string) =>
    [before, groups.map((group) => `<span>${group}</span> `).join(''), after].join(''),
  )
}
