import { join } from 'node:path'

/**
 * Where things are in a casebook:
 *
 *     tips/RECEIPT/tip.json       what the source wrote, as it came; never changed
 *     tips/RECEIPT/attachments/   their files, as they came; never changed
 *     tips/RECEIPT/opened.json    what opening it found: when, by which identity, digests, oddities
 *     tips/RECEIPT/case.json      what the analysts made of it
 *     originals/RECEIPT.age       the envelope, as it came
 *     working/RECEIPT/            copies of attachments that Dangerzone made, to look at
 *     aside/RECEIPT.json          why an envelope is not in tips/
 *     custody.jsonl               every action, hash-chained
 *     windows.json                optional: other return windows than the built-in ones
 *     submitter.txt               optional: the organisation that submits to the UN
 *     index.sqlite, index.html, site/   made from the above, at any time again
 */
export interface CasebookLayout {
  readonly root: string
  readonly tips: string
  readonly originals: string
  readonly aside: string
  readonly custody: string
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
