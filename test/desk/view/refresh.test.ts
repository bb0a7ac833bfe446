import { readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { appendChanges } from '../../../src/desk/casebook/append-changes.ts'
import { tipLayoutOf } from '../../../src/desk/files/layout.ts'
import { readCaseFile } from '../../../src/desk/casebook/read-case.ts'
import type { Actor } from '../../../src/desk/custody/record.ts'
import type { CaseView } from '../../../src/desk/files/case-view.ts'
import { changeCase } from '../../../src/desk/view/change-case.ts'
import { loadView } from '../../../src/desk/view/load-views.ts'
import { refreshCasebook } from '../../../src/desk/view/refresh.ts'
import { openIndex } from '../../../src/desk/view/open-index.ts'
import type { DetentionTip } from '../../../src/tip/schema.ts'
import { makeTempDir } from '../../support/temp-dir.ts'
import { makeCasebook } from '../support/make-casebook.ts'
import { seedTip } from '../support/sample-view.ts'

const held: DetentionTip = {
  narrative: 'x',
  persons: [
    {
      names: [{ text: '김' }],
      sex: 'male',
      age: { value: 40, unit: 'years' },
      nationality: ['KR'],
      status: 'held',
    },
  ],
  event: { detained_when: '2017-11-01', held_where: { country: 'RU' } },
}
let casebook = ''
let receipts: readonly string[] = []
const seen: CaseView[][] = []
const buildSite = async ({ views }: { views: readonly CaseView[] }) => ({
  pages: seen.push([...views]),
})
const actorAt = (instant: string): Actor => ({
  casebook,
  role: 'kim',
  tool: 'tumen 0.1.0',
  now: () => new Date(instant),
})

beforeEach(async () => {
  casebook = join(await makeTempDir(), 'casebook')
  ;({ receipts } = await makeCasebook(casebook, [seedTip, held]))
  seen.length = 0
})

const tiersNoted = async (receipt: string | undefined) =>
  (await readCaseFile(casebook, receipt ?? '')).file.changes.flatMap((change) =>
    change.kind === 'tier_reached' ? [change.tier] : [],
  )

describe('refreshCasebook', () => {
  it('notes the tier of each case once, and hands the site what it noted', async () => {
    const first = await refreshCasebook(actorAt('2017-11-05T10:00:00Z'), { buildSite })
    expect(first).toMatchObject({ raised: 2, problems: [] })
    expect(first.views.map(({ receipt }) => receipt)).toEqual(receipts.toSorted())
    expect(seen[0]?.map(({ state }) => state.reachedTier).toSorted()).toEqual([0, 2])
    expect((await refreshCasebook(actorAt('2017-11-05T10:00:00Z'), { buildSite })).raised).toBe(0)
    expect(await tiersNoted(receipts[1])).toEqual([2])
  })

  it('never lowers: what was recent once stays in its tier', async () => {
    await appendChanges(actorAt('2017-11-05T10:00:00Z'), receipts[1] ?? '', [
      { kind: 'set', field: 'status', value: 'read' },
    ])
    await refreshCasebook(actorAt('2017-11-05T10:00:00Z'), { buildSite })
    const later = await refreshCasebook(actorAt('2018-11-05T10:00:00Z'), { buildSite })
    const view = later.views.find(({ receipt }) => receipt === receipts[1])
    expect(view?.triage).toMatchObject({ tier: 2, computed: 3, decidedBy: 'earlier' })
    expect(await tiersNoted(receipts[1])).toEqual([2])
  })

  it('continues after a case whose record is damaged', async () => {
    await writeFile(tipLayoutOf(casebook, receipts[0] ?? '').case, '{"half')
    const { raised, problems, views } = await refreshCasebook(actorAt('2017-11-05T10:00:00Z'), {
      buildSite,
    })
    expect({ raised, problems: problems.map(({ code }) => code), cases: views.length }).toEqual({
      raised: 1,
      problems: ['CASE_DAMAGED'],
      cases: 2,
    })
  })

  it('rebuilds the index', async () => {
    await refreshCasebook(actorAt('2017-11-05T10:00:00Z'), { buildSite })
    await appendChanges(actorAt('2017-11-05T11:00:00Z'), receipts[1] ?? '', [
      { kind: 'set', field: 'group', value: '7' },
    ])
    await refreshCasebook(actorAt('2017-11-05T11:00:00Z'), { buildSite })
    using index = await openIndex(casebook)
    expect(
      index.prepare('SELECT group_name FROM cases WHERE group_name IS NOT NULL').all(),
    ).toMatchObject([{ group_name: '7' }])
  })

  it('makes one set of pages at a time, the last of what was written last', async () => {
    let running = 0
    const groups: (string | null | undefined)[] = []
    const slowly = async ({ views }: { views: readonly CaseView[] }) => {
      running += 1
      await readdir(casebook)
      groups.push(
        running === 1
          ? views.find(({ receipt }) => receipt === receipts[1])?.state.group
          : 'two at once',
      )
      running -= 1
      return { pages: 0 }
    }
    const actor = actorAt('2017-11-05T10:00:00Z')
    await Promise.all(
      ['1', '2', '3'].map(async (value) => {
        await appendChanges(actor, receipts[1] ?? '', [{ kind: 'set', field: 'group', value }])
        await refreshCasebook(actor, { buildSite: slowly })
      }),
    )
    expect(groups).toHaveLength(3)
    expect(groups).not.toContain('two at once')
    expect(groups.at(-1)).toBe(
      (await loadView(casebook, receipts[1] ?? '', actor.now())).state.group,
    )
  })

  it('refuses a folder that is not a casebook', async () => {
    const nowhere = await makeTempDir()
    await expect(
      refreshCasebook({ ...actorAt('2017-11-05T10:00:00Z'), casebook: nowhere }, { buildSite }),
    ).rejects.toMatchObject({ code: 'NOT_A_CASEBOOK' })
    expect(await readdir(nowhere)).toEqual([])
  })
})

describe('changeCase', () => {
  it('notes the tier an analyst saw before the change that may lower it', async () => {
    const late = new Date('2017-12-05T10:00:00Z')
    const view = await loadView(casebook, receipts[1] ?? '', late)
    expect(view.triage).toMatchObject({ tier: 1, isOverdue: true })
    await changeCase(actorAt(late.toISOString()), view, [
      { kind: 'set', field: 'status', value: 'read' },
    ])
    expect((await loadView(casebook, receipts[1] ?? '', late)).triage).toMatchObject({
      tier: 1,
      computed: 2,
      decidedBy: 'earlier',
    })
  })
})
