import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { tipLayoutOf } from '../../../src/desk/files/layout.ts'
import { tipsNearby } from '../../../src/desk/replies/tips-nearby.ts'
import { loadView, loadViews } from '../../../src/desk/view/load-views.ts'
import { replyGroupOf } from '../../../src/thread/thread.ts'
import type { DetentionTip } from '../../../src/tip/schema.ts'
import { makeTempDir } from '../../support/temp-dir.ts'
import { makeCasebook } from '../support/make-casebook.ts'
import { sourceWith } from './talking-desk.ts'

const now = new Date('2017-11-05T10:00:00Z')
const groupOf = (byte: number) => replyGroupOf(sourceWith(byte), 'ko')
const tips = {
  first: { narrative: 'first', reply: groupOf(1) },
  renewed: { narrative: 'new words', reply: groupOf(1), reply_next: groupOf(2) },
  afterwards: { narrative: 'with the new words', reply: groupOf(2) },
  thief: { narrative: 'half', reply: { ...groupOf(1), tag_key: 'ab'.repeat(32) } },
  thiefToo: { narrative: 'more', reply: { ...groupOf(3), tag_key: 'ab'.repeat(32) } },
  stranger: { narrative: 'another source', reply: groupOf(4) },
  silent: { narrative: 'no way back' },
} satisfies Record<string, DetentionTip>
type Name = keyof typeof tips
const names = Object.keys(tips) as Name[]

let casebook = ''
let receipts: Record<Name, string>
beforeEach(async () => {
  casebook = join(await makeTempDir(), 'casebook')
  const made = await makeCasebook(casebook, Object.values(tips))
  receipts = Object.fromEntries(names.map((name, at) => [name, made.receipts[at]])) as never
})

async function nearby(...chosen: Name[]): Promise<Name[]> {
  const all = Object.values(receipts)
  const found = await tipsNearby(
    casebook,
    all,
    chosen.map((name) => receipts[name]),
  )
  return names.filter((name) => found.includes(receipts[name]))
}

describe('tipsNearby', () => {
  it('finds all tips that share half a reply group, also through others', async () => {
    const ofOne = ['first', 'renewed', 'afterwards', 'thief', 'thiefToo']
    for (const name of ofOne) expect(await nearby(name as Name)).toEqual(ofOne)
    expect(await nearby('stranger')).toEqual(['stranger'])
    expect(await nearby('silent', 'stranger')).toEqual(['stranger', 'silent'])
  })

  it('includes a tip that it cannot read', async () => {
    await writeFile(tipLayoutOf(casebook, receipts.silent).tip, '{"reply":')
    expect(await nearby('stranger')).toEqual(['stranger', 'silent'])
  })
})

describe('loadView', () => {
  it('gives the same case as loading the whole casebook', async () => {
    const { views } = await loadViews(casebook, now)
    expect(views).toHaveLength(names.length)
    for (const view of views) expect(await loadView(casebook, view.receipt, now)).toEqual(view)
    const problems = views.flatMap(({ opened }) => opened.problems.map(({ code }) => code))
    expect(problems).toContain('REPLY_BORROWED')
  })
})
