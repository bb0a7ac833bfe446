import { type PageFrame, receiptPage } from '../page/pages.ts'
import type { Receipt } from '../store/blob-store.ts'
import { MemoByOwner } from './memo.ts'

/**
 * Text in place of the receipt while the template is rendered; replaced by the receipt afterwards.
 */
const PLACEHOLDER = 'x'.repeat(64)
const PLACES = /(<p[^>]* data-receipt[^>]*>)([^]*?)(<\/p>)/

/** More templates than there are: one for each language, with and without the mark of a demo. */
const MAX_TEMPLATES = 64
const templates = new MemoByOwner<string>(MAX_TEMPLATES)

/**
 * The page that is shown after a tip has arrived: the same bytes for every client, except for the
 * receipt in one marked place. The receipt is not in the page's address, so it gets into no
 * history.
 */
export function receivedPage(frame: PageFrame, receipt: Receipt): string {
  const template = templates.get(
    frame.organisation ?? null,
    `${frame.language} ${frame.isDemo}`,
    () => receiptPage({ ...frame, receipt: PLACEHOLDER, state: 'accepted' }),
  )
  const groups = receipt.match(/.{4}/g) ?? []
  return template.replace(PLACES, (_all, before: string, _groups, after: string) =>
    [before, groups.map((group) => `<span>${group}</span> `).join(''), after].join(''),
  )
}
