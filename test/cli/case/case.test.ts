import { createHash } from 'node:crypto'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import stringWidth from 'string-width'
import { beforeEach, describe, expect, it } from 'vitest'
import { tipLayoutOf } from '../../../src/desk/files/layout.ts'
import { readCaseFile } from '../../../src/desk/casebook/read-case.ts'
import { openIndex } from '../../../src/desk/view/open-index.ts'
import type { DetentionTip } from '../../../src/tip/schema.ts'
import { makeCasebook } from '../../desk/support/make-casebook.ts'
import { seedTip } from '../../desk/support/sample-view.ts'
import { makeTempDir } from '../../support/temp-dir.ts'
import { runHere } from '../support/run-here.ts'

const held: DetentionTip = {
  narrative: '在延吉被带走',
  topic: 'detention',
  persons: [{ names: [{ text: '朴哲洙' }], age: { value: 40, unit: 'years' }, status: 'held' }],
  event: { detained_when: '2026-11-20', held_where: { text: '伊斯坦布尔', country: 'TR' } },
}
const hostile: DetentionTip = {
  narrative: 'x\u001b[2J\u001b]0;title\u0007 y\u202ez',
  persons: [
    { names: [{ text: `\u202e${'𠀀'.repeat(400)}\u001b[31m` }] },
    { names: [{ text: '\u0007\u200b' }] },
  ],
  event: { held_where: { text: '\u009b2J', country: 'CN' }, detained_when: '0000' },
}

let dir = ''
let casebook = ''
let receipts: readonly string[] = []
beforeEach(async () => {
  dir = await makeTempDir()
  casebook = join(dir, 'casebook')
  ;({ receipts } = await makeCasebook(casebook, [seedTip, held, hostile], {
    openedAt: () => '2026-11-23T09:00:00Z',
    attachments: (index): Record<string, string> => (index === 0 ? { '사진.jpg': 'photo' } : {}),
  }))
})

const id = (index: number) => (receipts[index] ?? '').slice(0, 8)
const tumen = async (...args: string[]) => await runHere({ dir, env: {} }, ['case', ...args])
const typing = async (input: string | Uint8Array, ...args: string[]) =>
  await runHere({ dir, env: {} }, ['case', ...args], { input })
const changesOf = async (index: number) =>
  (await readCaseFile(casebook, receipts[index] ?? '')).file.changes.filter(
    ({ kind }) => kind !== 'tier_reached',
  )
const stamp = { at: '2026-11-23T12:34:56Z', by: 'analyst' }
const commands = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/u

describe('tumen case list', () => {
  it('lists the most urgent first, within 100 columns, and counts on stderr', async () => {
    const { status, stdout, stderr } = await tumen('list')
    const lines = stdout.trimEnd().split('\n')
    expect(status).toBe(0)
    expect(stderr).toBe('3 cases\n')
    expect(lines[0]).toMatch(/^CASE +T +LEFT +LOOK BY +STATUS +PEOPLE +WHO +WHERE$/u)
    expect(lines.slice(1).map((line) => line.split(' ')[0])).toContain(id(0))
    expect(lines.slice(1).map((line) => Number(line.slice(10, 11)))).toEqual(
      lines
        .slice(1)
        .map((line) => Number(line.slice(10, 11)))
        .toSorted(),
    )
    expect(Math.max(...lines.map((line) => stringWidth(line)))).toBeLessThanOrEqual(100)
    expect(lines.find((line) => line.startsWith(id(1)))).toMatch(/朴哲洙 +伊斯坦布尔, TR$/u)
  })

  it('sorts by tier, whatever the receipts', async () => {
    const byReceipt = receipts.toSorted()
    for (const [index, tier] of [3, 1, 0].entries())
      await tumen('set', byReceipt[index] ?? '', 'tier', String(tier))
    const listed = JSON.parse((await tumen('list', '--json')).stdout) as Array<{
      receipt: string
      tier: number
    }>
    expect(listed.map(({ receipt, tier }) => `${tier} ${receipt}`)).toEqual(
      [2, 1, 0].map((index) => `${[3, 1, 0][index]} ${byReceipt[index]}`),
    )
  })

  it('puts the columns under their heads, however wide the letters', async () => {
    const lines = (await tumen('list')).stdout.trimEnd().split('\n')
    const places = lines
      .slice(1)
      .filter((line) => /\S, (?:CN|TR)$/u.test(line))
      .map((line) => stringWidth(line.slice(0, line.search(/\S+, \w\w$/u))))
    expect(new Set(places)).toEqual(new Set([lines[0]?.indexOf('WHERE')]))
  })

  it('filters by tier, status and words', async () => {
    await tumen('set', id(1), 'status', 'acting')
    const found = async (...args: string[]) =>
      (
        JSON.parse((await tumen('list', '--json', ...args)).stdout) as Array<{ receipt: string }>
      ).map(({ receipt }) => receipt)
    expect(await found('--status', 'acting')).toEqual([receipts[1]])
    expect(await found('--search', '延吉')).toEqual([receipts[1]])
    expect(await found('--search', 'Ri Yong-hui')).toEqual([receipts[0]])
    expect(await found('--tier', '3', '--search', '延吉')).toEqual([])
    expect((await tumen('list', '--search', '延吉')).stderr).toBe('1 of 3 cases\n')
  })

  it.each([
    ['list'],
    ['list', '--json'],
    ['show', 'HOSTILE'],
    ['show', 'HOSTILE', '--json'],
    ['history', 'HOSTILE'],
  ])('%s %s %s lets no tip command the terminal', async (...args) => {
    await tumen('note', id(2), 'n\u001b[31m\u202eote')
    const { stdout, status } = await tumen(...args.map((arg) => (arg === 'HOSTILE' ? id(2) : arg)))
    expect(status).toBe(0)
    expect(stdout).not.toMatch(commands)
  })

  it('prints the tip as JSON, escaped', async () => {
    const { tip } = JSON.parse((await tumen('show', id(2), '--json')).stdout) as {
      tip: DetentionTip
    }
    expect(tip.narrative).toBe(hostile.narrative)
  })

  it.each([['--tier', '4'], ['--status', 'done'], ['--search']])(
    'refuses %s %s',
    async (...args) => {
      expect(await tumen('list', ...args)).toMatchObject({ status: 2, stdout: '' })
    },
  )

  it('names the cases that cannot be read and lists the rest', async () => {
    await writeFile(tipLayoutOf(casebook, receipts[0] ?? '').case, '{"half')
    const { status, stdout, stderr } = await tumen('list')
    expect({ status, lines: stdout.trimEnd().split('\n').length }).toEqual({ status: 0, lines: 4 })
    expect(stderr).toContain(`${id(0)}: case.json is not JSON in UTF-8`)
  })
})

describe('tumen case show', () => {
  it('begins with the consent, and says why the case is in its tier', async () => {
    const lines = (await tumen('show', id(0))).stdout.split('\n')
    expect(lines[0]).toContain('리영희, 이민준 + 8')
    expect(lines.slice(1, 3).join('')).toMatch(
      /CONSENT {2}un: named \|.*embassy: named photo .* media: no\./u,
    )
    const sheet = lines.join('\n')
    for (const part of [
      'TIER 0',
      'because',
      '리영희',
      '공안',
      'WHAT THE SOURCE WROTE',
      '+82 10 0000 0000',
      '사진.jpg',
    ])
      expect(sheet).toContain(part)
    expect(sheet).toContain(createHash('sha256').update('photo').digest('hex'))
  })

  it.each([
    ['nope', 1, '4 or more'],
    ['ffffffff', 1, 'no case begins with ffffffff'],
    ['../../etc', 1, '4 or more'],
  ])('refuses %s', async (typed, status, message) => {
    const shown = await tumen('show', typed)
    expect(shown).toMatchObject({ status, stdout: '' })
    expect(shown.stderr).toContain(message)
  })
})

describe('tumen case set', () => {
  it('sets a field of its own and corrects the tip, with who, when and why', async () => {
    const set = await tumen(
      'set',
      id(0),
      'event.detained_when',
      '2017-11-03',
      '--reason',
      '형이 봤다',
      '--by',
      '김 분석가',
    )
    expect(set).toMatchObject({
      status: 0,
      stdout: `${id(0)}: event.detained_when is 2017-11-03\n`,
    })
    await tumen('set', id(0), 'tier', '2')
    expect(await changesOf(0)).toEqual([
      {
        kind: 'set',
        field: 'event.detained_when',
        value: '2017-11-03',
        reason: '형이 봤다',
        at: stamp.at,
        by: '김 분석가',
      },
      { kind: 'set', field: 'tier', value: 2, ...stamp },
    ])
    expect((await tumen('show', id(0))).stdout).toContain('2017-11-03')
  })

  it('accepts JSON, and a negative number after --', async () => {
    expect(
      await tumen('set', id(1), 'event.transfers', '[{"to":{"text":"단둥"}}]', '--json-value'),
    ).toMatchObject({ status: 0 })
    expect(await tumen('set', '--', id(1), 'event.held_where.lon', '-12.5')).toMatchObject({
      status: 0,
    })
    expect(
      (await changesOf(1)).map((change) => (change.kind === 'set' ? change.value : null)),
    ).toEqual([[{ to: { text: '단둥' } }], -12.5])
  })

  it.each([
    [['status', 'done'], 'status must be one of new, read, acting, waiting, closed'],
    [['detained_when', '2017'], 'did you mean event.detained_when?'],
    [['event.how_taken', 'car'], 'event.how_taken must be one of checkpoint, raid, vehicle'],
    [['consent', 'named'], 'tumen case consent'],
    [['event.nothing\u001b[31m', 'x'], 'no such field'],
    [['status'], 'too few arguments'],
    [['status', 'read', '--by', 'tumen'], 'give your own name'],
    [['status', 'read', '--by', ' '], '--by takes a name'],
  ])('refuses %j and changes nothing', async (args, message) => {
    const set = await tumen('set', id(0), ...args)
    expect(set).toMatchObject({ status: 2, stdout: '' })
    expect(set.stderr).toContain(message)
    expect(set.stderr).not.toMatch(commands)
    expect(await changesOf(0)).toEqual([])
  })

  it('never makes a case less urgent because it was read', async () => {
    const tierOf = async () =>
      (
        JSON.parse((await tumen('list', '--json')).stdout) as Array<{
          receipt: string
          tier: number
        }>
      ).find(({ receipt }) => receipt === receipts[1])?.tier
    await makeCasebook(casebook, [held], { openedAt: () => '2026-10-01T09:00:00Z' })
    const before = await tierOf()
    await tumen('set', id(1), 'status', 'read')
    expect(await tierOf()).toBe(before)
    expect((await readCaseFile(casebook, receipts[1] ?? '')).file.changes[0]).toMatchObject({
      kind: 'tier_reached',
      tier: before,
    })
  })
})

describe('tumen case unset', () => {
  it('takes back what was set, and nothing else', async () => {
    await tumen('set', id(0), 'group', '선양')
    expect(await tumen('unset', id(0), 'group', '--reason', 'wrong case')).toMatchObject({
      status: 0,
    })
    expect(await tumen('unset', id(0), 'group')).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('was not set'),
    })
    expect(await tumen('unset', id(0), 'event.how_taken')).toMatchObject({ status: 2 })
    expect((await changesOf(0)).at(-1)).toEqual({
      kind: 'set',
      field: 'group',
      value: null,
      reason: 'wrong case',
      ...stamp,
    })
  })
})

describe('tumen case note, link, consent, contact', () => {
  it('writes a note from the command line and from stdin', async () => {
    await tumen('note', id(0), '남편과 통화')
    await typing('두 줄\n둘째 줄\n', 'note', id(0), '-')
    await typing(Buffer.from('\ufeff셋째', 'utf16le'), 'note', id(0), '-')
    expect(await changesOf(0)).toEqual([
      { kind: 'note', text: '남편과 통화', ...stamp },
      { kind: 'note', text: '두 줄\n둘째 줄', ...stamp },
      { kind: 'note', text: '셋째', ...stamp },
    ])
    expect(await typing(Buffer.from([0xb0, 0xa1]), 'note', id(0), '-')).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('not UTF-8'),
    })
    expect(await tumen('note', id(0), '  ')).toMatchObject({ status: 2 })
    expect(await tumen('note', id(0), 'x'.repeat(20_001))).toMatchObject({ status: 2 })
  })

  it('links two cases, and removes the link again', async () => {
    expect(await tumen('link', id(0), id(1), '--as', 'same-event')).toMatchObject({ status: 0 })
    expect(await tumen('link', id(0), id(1))).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('duplicate, same_event, same_group, related'),
    })
    expect(await tumen('link', id(0), id(0), '--as', 'related')).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('itself'),
    })
    expect(await tumen('link', id(0), 'ffff', '--as', 'related')).toMatchObject({ status: 1 })
    expect(await tumen('unlink', id(0), id(1))).toMatchObject({ status: 0 })
    expect(await tumen('unlink', id(0), id(1))).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('not linked'),
    })
    expect((await changesOf(0)).map(({ kind }) => kind)).toEqual(['link', 'unlink'])
  })

  it('records consent and who gave it; the latest counts', async () => {
    expect(await tumen('consent', id(0), 'un', 'no', '--given-by', '아내, 전화로')).toMatchObject({
      status: 0,
      stdout: `${id(0)}: un: no\n`,
    })
    expect((await tumen('show', id(0))).stdout).toContain('CONSENT  un: no |')
    expect(await tumen('consent', id(0), 'un', 'no')).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('--given-by'),
    })
    expect(await tumen('consent', id(0), 'police', 'no', '--given-by', 'x')).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('un, unhcr, icrc, embassy, ngo, media'),
    })
    expect(await tumen('consent', id(0), 'un', 'all', '--given-by', 'x')).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('ask_first'),
    })
  })

  it('records contacts, on a given day or today', async () => {
    await tumen('contact', id(0), 'embassy', '2026-11-22', 'called')
    await tumen('contact', id(0), 'from-source', 'today', 'wrote')
    expect(await changesOf(0)).toMatchObject([
      { with: 'embassy', day: '2026-11-22' },
      { with: 'from_source', day: '2026-11-23', text: 'wrote' },
    ])
    expect(await tumen('contact', id(0), 'embassy', 'yesterday', 'called')).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('DAY'),
    })
  })

  it('is all in the history', async () => {
    await tumen('set', id(0), 'group', 'one', '--by', 'kim')
    await tumen('set', id(0), 'group', 'two', '--reason', 'better')
    await tumen('note', id(0), 'seen')
    const { stdout } = await tumen('history', id(0))
    expect(stdout).toContain('2026-11-23 09:00  opened with tumen 0.1.0\n')
    expect(stdout).toContain('2026-11-23 12:34  kim: set group to one\n')
    expect(stdout).toContain('2026-11-23 12:34  analyst: set group to two, before: one (better)\n')
    expect(stdout).toContain('2026-11-23 12:34  analyst: note: seen\n')
  })
})

describe('tumen case repair', () => {
  it('is suggested by the commands that refuse a damaged case, and repairs it', async () => {
    const path = tipLayoutOf(casebook, receipts[0] ?? '').case
    await writeFile(path, '{"half')
    expect(await tumen('note', id(0), 'x')).toMatchObject({
      status: 1,
      stderr: expect.stringContaining(`tumen case repair ${id(0)}`),
    })
    expect(await tumen('repair', id(0))).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(
        /0 changes kept, nobody knows how many lost; .*case.json.damaged-1/u,
      ),
    })
    expect(await tumen('note', id(0), 'x')).toMatchObject({ status: 0 })
    expect(
      await readFile(join(casebook, 'aside', `${receipts[0]}.case.json.damaged-1`), 'utf8'),
    ).toBe('{"half')
    expect(await tumen('repair', id(0))).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('nothing to repair'),
    })
  })
})

describe('the casebook', () => {
  it('is the named folder, else the current one, else casebook in it', async () => {
    for (const [where, args] of [
      [dir, []],
      [casebook, []],
      ['/', ['--casebook', casebook]],
    ] as const) {
      expect(await runHere({ dir: where, env: {} }, ['case', 'list', ...args])).toMatchObject({
        status: 0,
        stderr: '3 cases\n',
      })
    }
  })

  it('is refused, with the way out, if the folder is not one', async () => {
    const elsewhere = await makeTempDir()
    expect(await runHere({ dir: elsewhere, env: {} }, ['case', 'list'])).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('--casebook DIR'),
    })
    expect(await tumen('list', '--casebook', 'nowhere')).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('nowhere is no casebook'),
    })
  })

  it('keeps its pages as they are when asked, and when it is large', async () => {
    expect(await tumen('note', id(0), 'x', '--no-refresh')).toMatchObject({ status: 0, stderr: '' })
    await Promise.all(
      Array.from({ length: 1_998 }, (_, index) =>
        mkdir(join(casebook, 'tips', index.toString(16).padStart(64, '0'))),
      ),
    )
    expect((await tumen('note', id(0), 'x')).stderr).toContain('tumen case refresh')
    await expect(openIndex(casebook)).rejects.toMatchObject({ code: 'INDEX_INVALID' })
  })

  it('has a current board after a change', async () => {
    expect(await tumen('set', id(1), 'title', '이스탄불의 박 씨')).toMatchObject({
      status: 0,
      stderr: '',
    })
    expect(await readFile(join(casebook, 'index.html'), 'utf8')).toContain('이스탄불의 박 씨')
    expect(await tumen('refresh')).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(/^3 cases, 0 more urgent than ever before, \d+ pages\n$/u),
    })
  })

  it('has a current index after a change', async () => {
    await tumen('set', id(1), 'group', '일곱')
    using index = await openIndex(casebook)
    expect(
      index.prepare('SELECT group_name FROM cases WHERE group_name IS NOT NULL').all(),
    ).toMatchObject([{ group_name: '일곱' }])
  })
})
