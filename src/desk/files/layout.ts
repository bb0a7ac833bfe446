import { join } from 'node:path'

/**
 * The files and folders of a casebook:
 *
 *     tips/RECEIPT/tip.json       the source's tip as received; never changed
 *     tips/RECEIPT/attachments/   the source's files as received; never changed
 *     tips/RECEIPT/opened.json    time and identity of the opening, digests, oddities
 *     tips/RECEIPT/case.json      the analysts' changes
 *     originals/RECEIPT.age       the envelope as received
 *     working/RECEIPT/            Dangerzone's copies of the attachments, for viewing
 *     aside/RECEIPT.json          why an envelope is not in tips/
 *     replies/book.json           index numbers, published drops, keyrings seen
 *     replies/DROP.json           what one stick brought: answers and opened tips
 *     replies/DROP.tar            the drop itself, until it is published
 *     answers/NAME.LANGUAGE.txt   standard answers; the analysts change them as they like
 *     custody.jsonl               a hash-chained record of every action
 *     windows.json                optional: replaces the built-in return windows
 *     submitter.txt               optional: the organisation that submits to the UN
 *     reply-settings.json         optional: what sticks tell the sources
 *     index.sqlite, index.html, site/   can be rebuilt from the above at any time
 */
export interface CasebookLayout {
  readonly root: string
  readonly tips: string
  readonly originals: string
  readonly aside: string
  readonly custody: string
  readonly replies: string
  readonly replyBook: string
  readonly replySettings: string
  readonly answers: string
  readonly windows: string
  readonly index: string
  readonly site: string
}

export function layoutOf(casebook: string): CasebookLayout {
  return {
    root: casebook,
    tips: join(casebook, 'tips'),
    originals: join(casebook, 'originals'),
    aside: join(casebook, 'aside'),
    custody: join(casebook, 'custody.jsonl'),
    replies: join(casebook, 'replies'),
    replyBook: join(casebook, 'replies', 'book.json'),
    replySettings: join(casebook, 'reply-settings.json'),
    answers: join(casebook, 'answers'),
    windows: join(casebook, 'windows.json'),
    index: join(casebook, 'index.sqlite'),
    site: join(casebook, 'site'),
  }
}

export interface TipLayout {
  readonly folder: string
  readonly tip: string
  readonly attachments: string
  readonly opened: string
  readonly case: string
}

export function tipLayoutOf(casebook: string, receipt: string): TipLayout {
  const folder = join(casebook, 'tips', receipt)
  return {
    folder,
    tip: join(folder, 'tip.json'),
    attachments: join(folder, 'attachments'),
    opened: join(folder, 'opened.json'),
    case: join(folder, 'case.json'),
  }
}

/** `NAME.LANGUAGE.txt` in `answers/`; no other name is ever opened. */
export const answerFileName = /^([a-z0-9][a-z0-9_-]{0,39})\.([a-z]{2,8})\.txt$/u
