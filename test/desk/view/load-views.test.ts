import { mkdir, rm, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import type { Change } from '../../../src/desk/files/case-file.ts'
import { layoutOf, tipLayoutOf } from '../../../src/desk/files/layout.ts'
import { loadSomeViews, loadView, loadViews } from '../../../src/desk/view/load-views.ts'
import type { DetentionTip } from '../../../src/tip/schema.ts'
import { makeTempDir } from '../../support/temp-dir.ts'
import { makeCasebook } from '../support/make-casebook.ts'
import { seedTip } from '../support/sample-view.ts'

const now = new Date('2017-11-05T10:00:00Z')
const stamp = { at: '2017-11-05T09:30:00Z', by: 'kim' }
let casebook = ''
beforeEach(async () => {
  casebook = join(await makeTempDir(), 'casebook')
})

/** Makes a casebook with one case that has these changes, and loads its view. */
async function viewWith(changes: readonly Change[], tip: DetentionTip | null = seedTip) {
  const { receipts } = await makeCasebook(casebook, [tip], { changes: () => changes })
  return { receipt: receipts[0] ?? '', view: await loadView(casebook, receipts[0] ?? '', now) }
}

describe('loadView', () => {
  it('makes the seed case: ten people, a child of four, most urgent', async () => {
    const { view, receipt } = await viewWith([])
    expect(view).toMatchObject({
      receipt,
      id: receipt.slice(0, 8),
      title: '리영희, 이민준 + 8',
      peopleCount: { min: 10, max: 10 },
      detained: { earliest: '2017-11-04', latest: '2017-11-04' },
      triage: { tier: 0 },
    })
    expect(view.persons.map(({ minor }) => minor)).toEqual(['unknown', 'yes'])
    expect(view.tip).toEqual(view.original)
  })

  it('puts corrections over the tip and keeps the original', async () => {
    const { view } = await viewWith([
      { kind: 'set', ...stamp, field: 'event.detained_when', value: '2017-11' },
      { kind: 'set', ...stamp, field: 'title', value: 'the Shenyang ten' },
    ])
    expect(view).toMatchObject({
      title: 'the Shenyang ten',
      detained: { earliest: '2017-11-01', latest: '2017-11-30' },
      opened: { problems: [] },
    })
    expect(view.original?.event?.detained_when).toBe('2017-11-04')
  })

  it('puts recorded consent before that of the tip; silence is ask_first', async () => {
    const { view } = await viewWith([
      { kind: 'consent', ...stamp, recipient: 'un', level: 'no', given_by: 'wife' },
    ])
    expect(
      Object.fromEntries(view.consent.map(({ recipient, level }) => [recipient, level])),
    ).toEqual({
      un: 'no',
      unhcr: 'ask_first',
      icrc: 'ask_first',
      embassy: 'named_photo',
      ngo: 'ask_first',
      media: 'no',
    })
  })

  it('shows a correction that does not fit any more as a problem of the case', async () => {
    const { view } = await viewWith([
      { kind: 'set', ...stamp, field: 'event.warrant', value: 'perhaps' },
    ])
    expect(view.opened.problems).toEqual([
      { code: 'CORRECTION_REFUSED', detail: expect.stringContaining('event.warrant') },
    ])
    expect(view.tip).toEqual(view.original)
  })

  it('lists a date of detention in the future as a problem', async () => {
    const { receipts } = await makeCasebook(casebook, [
      { ...seedTip, event: { ...seedTip.event, detained_when: '2027-11-04' } },
      { ...seedTip, event: { ...seedTip.event, detained_when: '2017-11-06' } },
    ])
    const { views } = await loadViews(casebook, now)
    const problemsOf = (receipt = '') =>
      views.find((view) => view.receipt === receipt)?.opened.problems
    expect(problemsOf(receipts[0])).toEqual([
      {
        code: 'DATE_IN_FUTURE',
        detail:
          'event.detained_when is 2027-11-04, a day in the future; it counts as unknown until you correct it',
      },
    ])
    expect(problemsOf(receipts[1])).toEqual([])
  })

  it('titles a case without names by how its narrative begins', async () => {
    expect(
      (
        await viewWith([], {
          narrative: '  누군가\n\u001b[31m잡혀\u202e갔습니다 '.padEnd(300, 'x'),
        })
      ).view.title,
    ).toMatch(/^누군가 잡혀갔습니다 x+…$/u)
  })

  it('distinguishes cases whose receipts begin with the same digits', async () => {
    const { receipts } = await makeCasebook(casebook, [seedTip])
    const twin = `${receipts[0]?.slice(0, 11)}${receipts[0]?.[11] === '0' ? '1' : '0'}`.padEnd(
      64,
      '0',
    )
    await mkdir(tipLayoutOf(casebook, twin).folder)
    expect((await loadView(casebook, receipts[0] ?? '', now)).id).toBe(receipts[0]?.slice(0, 12))
    await expect(loadView(casebook, (receipts[0] ?? '').slice(0, 6), now)).rejects.toMatchObject({
      code: 'CASE_AMBIGUOUS',
    })
  })
})

describe('when a record is damaged', () => {
  it('case.json: for everybody the source must be asked first, and the case says why', async () => {
    const { receipt } = await viewWith([
      { kind: 'consent', ...stamp, recipient: 'unhcr', level: 'named', given_by: 'wife' },
    ])
    await writeFile(tipLayoutOf(casebook, receipt).case, '{"half')
    const view = await loadView(casebook, receipt, now)
    expect(view.consent.map(({ level }) => level)).toEqual([
      'ask_first',
      'ask_first',
      'ask_first',
      'ask_first',
      'ask_first',
      'no',
    ])
    expect(view.opened.problems).toMatchObject([{ code: 'CASE_DAMAGED' }])
  })

  it.each<[file: 'tip' | 'opened', content: string | Uint8Array, code: string]>([
    ['tip', '{"half', 'TIP_REFUSED'],
    ['tip', '{"narrative": 7}', 'TIP_REFUSED'],
    ['tip', Buffer.from([0xff]), 'TIP_REFUSED'],
    ['tip', ' '.repeat(4 * 1024 * 1024 + 1), 'TIP_REFUSED'],
    ['opened', '[]', 'OPENED_DAMAGED'],
    ['opened', '', 'OPENED_DAMAGED'],
  ])('%s.json %j: the case is there and says so', async (file, content, code) => {
    const { receipt } = await viewWith([{ kind: 'set', ...stamp, field: 'status', value: 'read' }])
    await writeFile(tipLayoutOf(casebook, receipt)[file], content)
    const { views, problems } = await loadViews(casebook, now)
    expect(views).toMatchObject([
      { receipt, state: { status: 'read' }, opened: { problems: [{ code }] } },
    ])
    expect(views[0]?.tip === null).toBe(file === 'tip')
    expect(problems).toMatchObject([{ receipt, code }])
  })

  it('opened.json of another tip, or with an invalid day, is not believed', async () => {
    const { receipts } = await makeCasebook(casebook, [seedTip], {
      opened: () => ({ receipt: 'a'.repeat(64) }),
    })
    expect((await loadViews(casebook, now)).problems).toMatchObject([{ code: 'OPENED_DAMAGED' }])
    await makeCasebook(casebook, [seedTip], { opened: () => ({ opened_at: 'yesterday' }) })
    const view = await loadView(casebook, receipts[0] ?? '', now)
    expect(Date.parse(view.opened.opened_at)).toBeGreaterThan(0)
  })

  it('an empty folder, a missing tip.json and a link are cases to look at', async () => {
    const { receipts } = await makeCasebook(casebook, [seedTip, null, { narrative: 'x' }])
    const [linked = '', , bare = ''] = receipts
    await rm(tipLayoutOf(casebook, bare).folder, { recursive: true })
    await mkdir(tipLayoutOf(casebook, bare).folder)
    await rm(tipLayoutOf(casebook, linked).tip)
    await symlink('/etc/hostname', tipLayoutOf(casebook, linked).tip)
    const { views } = await loadViews(casebook, now)
    expect(views).toHaveLength(3)
    expect(views.every(({ tip, title }) => tip === null && title === 'no tip to read')).toBe(true)
    expect(views.find(({ receipt }) => receipt === linked)?.opened.problems).toMatchObject([
      { detail: 'tip.json is a link and not a file' },
    ])
  })

  it.each([
    '{}',
    '',
    '{"schema":"tumen-windows/1","windows":[{"custody":"CN","destination":"KP","days":-1,"source":"x"}]}',
  ])('windows.json %j: the built-in ones count', async (content) => {
    await makeCasebook(casebook, [seedTip])
    await writeFile(layoutOf(casebook).windows, content)
    const { views, problems } = await loadViews(casebook, now)
    expect(problems).toMatchObject([
      { receipt: null, code: 'WINDOWS_DAMAGED', detail: expect.stringContaining('windows.json') },
    ])
    expect(views[0]?.triage.window?.days).toBe(14)
  })
})

describe('loadViews', () => {
  it('uses the windows of the casebook', async () => {
    await makeCasebook(casebook, [seedTip])
    await writeFile(
      layoutOf(casebook).windows,
      JSON.stringify({
        schema: 'tumen-windows/1',
        windows: [{ custody: 'CN', destination: 'KP', days: 21, source: 'ours' }],
      }),
    )
    expect((await loadViews(casebook, now)).views[0]?.triage.window).toMatchObject({
      days: 21,
      source: 'ours',
    })
  })

  it('loads more cases than are read at a time, each once, by receipt, and names what is strange', async () => {
    const { receipts } = await makeCasebook(
      casebook,
      Array.from({ length: 70 }, (_, index) => ({ narrative: `tip ${index}` })),
    )
    await writeFile(join(casebook, 'tips', 'evil\u001b[31m'), '')
    const { views, problems } = await loadViews(casebook, now)
    expect(views.map(({ receipt }) => receipt)).toEqual(receipts.toSorted())
    expect(problems).toEqual([
      { receipt: null, code: 'STRANGE_FILE', detail: 'tips/evil is no tip' },
    ])
  })
})

describe('loadSomeViews', () => {
  it('skips a case that was removed meanwhile', async () => {
    const { receipts } = await makeCasebook(casebook, [seedTip, { narrative: 'x' }])
    expect(
      (await loadSomeViews(casebook, ['f'.repeat(64), receipts[1] ?? ''], now)).map(
        ({ receipt }) => receipt,
      ),
    ).toEqual([receipts[1]])
  })
})
