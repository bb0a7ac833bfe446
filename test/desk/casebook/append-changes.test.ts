import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { mkdir, readFile, readdir, rename, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import type { ChangeDraft } from '../../../src/desk/casebook/append-changes.ts'
import { appendChanges, appendToCases } from '../../../src/desk/casebook/append-changes.ts'
import type { CaseFile } from '../../../src/desk/files/case-file.ts'
import { layoutOf, tipLayoutOf } from '../../../src/desk/files/layout.ts'
import { readCaseFile } from '../../../src/desk/casebook/read-case.ts'
import { repairCase } from '../../../src/desk/casebook/repair-case.ts'
import type { Actor } from '../../../src/desk/custody/record.ts'
import { makeTempDir } from '../../support/temp-dir.ts'
import { makeCasebook } from '../support/make-casebook.ts'
import { seedTip } from '../support/sample-view.ts'

let casebook = ''
let receipts: readonly string[] = []
let actor: Actor
beforeEach(async () => {
  casebook = join(await makeTempDir(), 'casebook')
  ;({ receipts } = await makeCasebook(casebook, [seedTip, { narrative: '二' }, null]))
  actor = {
    casebook,
    role: 'kim',
    tool: 'tumen 0.1.0',
    now: () => new Date('2017-11-05T10:11:12.987Z'),
  }
})

const first = () => receipts[0] ?? ''
const casePath = (receipt = first()) => tipLayoutOf(casebook, receipt).case
const custodyLines = async () =>
  (await readFile(layoutOf(casebook).custody, 'utf8'))
    .trim()
    .split('\n')
    .map((line): Record<string, unknown> => JSON.parse(line))

/** Starts another process that writes notes and prints each one once it is stored. */
function startWriting(role: string, notes: number) {
  const program = `
    import { appendChanges } from '${new URL('../../../src/desk/casebook/append-changes.ts', import.meta.url).href}'
    const [casebook, receipt, role, notes] = process.argv.slice(1)
    const actor = { casebook, role, tool: 't', now: () => new Date() }
    for (let i = 0; i < Number(notes); i += 1) {
      await appendChanges(actor, receipt, [{ kind: 'note', text: role + i }])
      process.stdout.write(role + i + '\\n')
    }`
  const args = ['--input-type=module', '--eval', program, casebook, first(), role, String(notes)]
  return spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
}

describe('appendChanges', () => {
  it('writes each change with its author and time, readable by the owner only, and leaves the tip unchanged', async () => {
    const before = await readFile(tipLayoutOf(casebook, first()).tip)
    await appendChanges(actor, first(), [
      { kind: 'note', text: '남편과 통화' },
      { kind: 'set', field: 'event.detained_when', value: '2017-11-03', reason: 'the husband' },
    ])
    const file = await appendChanges(actor, first(), [
      { kind: 'tier_reached', tier: 0, reasons: ['MINOR'] },
    ])
    const stamp = { at: '2017-11-05T10:11:12Z', by: 'kim' }
    expect(file).toEqual({
      schema: 'tumen-case/1',
      receipt: first(),
      changes: [
        { kind: 'note', text: '남편과 통화', ...stamp },
        {
          kind: 'set',
          field: 'event.detained_when',
          value: '2017-11-03',
          reason: 'the husband',
          ...stamp,
        },
        { kind: 'tier_reached', tier: 0, reasons: ['MINOR'], at: stamp.at, by: 'tumen' },
      ],
    })
    expect(JSON.parse(await readFile(casePath(), 'utf8'))).toEqual(file)
    expect((await stat(casePath())).mode & 0o777).toBe(0o600)
    expect(await readFile(tipLayoutOf(casebook, first()).tip)).toEqual(before)
  })

  it('records the digest of the new case.json in the custody log, and none of its content', async () => {
    await appendChanges(actor, first(), [
      { kind: 'note', text: 'a secret note' },
      { kind: 'set', field: 'group', value: 'a secret group' },
    ])
    const last = (await custodyLines()).at(-1)
    const digest = createHash('sha256')
      .update(await readFile(casePath()))
      .digest('hex')
    expect(last).toMatchObject({
      action: 'case_changed',
      item: first(),
      sha256: digest,
      role: 'kim',
      reason: 'note, set group',
    })
    expect(JSON.stringify(last)).not.toContain('secret')
  })

  it.each<[what: string, change: object, code: string]>([
    ['an unknown kind', { kind: 'delete' }, 'CHANGE_INVALID'],
    ['an empty note', { kind: 'note', text: '' }, 'CHANGE_INVALID'],
    ['a note one character too long', { kind: 'note', text: 'x'.repeat(20_001) }, 'CHANGE_INVALID'],
    [
      'a field that is not known to a note',
      { kind: 'note', text: 'x', colour: 'red' },
      'CHANGE_INVALID',
    ],
    ['a link to no receipt', { kind: 'link', to: 'abcd', as: 'related' }, 'CHANGE_INVALID'],
    [
      'consent of an unknown level',
      { kind: 'consent', recipient: 'un', level: 'all', given_by: 'x' },
      'CHANGE_INVALID',
    ],
    ['an unknown field', { kind: 'set', field: 'event.nothing', value: 'x' }, 'FIELD_UNKNOWN'],
    [
      'an unknown field, taken back',
      { kind: 'set', field: 'event.nothing', value: null },
      'FIELD_UNKNOWN',
    ],
    ['a wrong own value', { kind: 'set', field: 'tier', value: 7 }, 'VALUE_INVALID'],
    [
      'a correction that does not fit',
      { kind: 'set', field: 'event.warrant', value: 'perhaps' },
      'CORRECTION_REFUSED',
    ],
    [
      'a person that is not there',
      { kind: 'set', field: 'persons.2.guide', value: true },
      'FIELD_UNKNOWN',
    ],
  ])('refuses %s, and the valid change next to it', async (_what, change, code) => {
    await expect(
      appendChanges(actor, first(), [{ kind: 'note', text: 'good' }, change as ChangeDraft]),
    ).rejects.toMatchObject({ name: 'CasebookError', code })
    expect(await readdir(tipLayoutOf(casebook, first()).folder)).not.toContain('case.json')
  })

  it('accepts a note of exactly the maximum length', async () => {
    const { changes } = await appendChanges(actor, first(), [
      { kind: 'note', text: 'x'.repeat(20_000) },
    ])
    expect(changes).toHaveLength(1)
  })

  it('refuses a link to itself, an unknown case and a path in place of a receipt', async () => {
    await expect(
      appendChanges(actor, first(), [{ kind: 'link', to: first(), as: 'duplicate' }]),
    ).rejects.toMatchObject({ code: 'CHANGE_INVALID' })
    for (const receipt of ['f'.repeat(64), '../../x', '']) {
      await expect(
        appendChanges(actor, receipt, [{ kind: 'note', text: 'x' }]),
      ).rejects.toMatchObject({ code: 'CASE_UNKNOWN' })
    }
  })

  it('refuses to take back a correction that another one depends on', async () => {
    await appendChanges(actor, first(), [
      { kind: 'set', field: 'persons.2.names.0.text', value: '박' },
      { kind: 'set', field: 'persons.3.sex', value: 'male' },
    ])
    await expect(
      appendChanges(actor, first(), [
        { kind: 'set', field: 'persons.2.names.0.text', value: null },
      ]),
    ).rejects.toMatchObject({ code: 'CORRECTION_REFUSED' })
    await appendChanges(actor, first(), [
      { kind: 'set', field: 'persons.3.sex', value: null },
      { kind: 'set', field: 'persons.2.names.0.text', value: null },
    ])
  })

  it('refuses corrections where there is no tip, but accepts notes', async () => {
    const receipt = receipts[2] ?? ''
    await expect(
      appendChanges(actor, receipt, [{ kind: 'set', field: 'lang', value: 'ko' }]),
    ).rejects.toMatchObject({ code: 'CORRECTION_REFUSED' })
    await appendChanges(actor, receipt, [
      { kind: 'note', text: 'a photo alone' },
      { kind: 'set', field: 'status', value: 'closed' },
    ])
    expect((await readCaseFile(casebook, receipt)).file.changes).toHaveLength(2)
  })

  it('changes nothing when the custody log cannot be written to', async () => {
    await appendChanges(actor, first(), [{ kind: 'note', text: 'one' }])
    await writeFile(layoutOf(casebook).custody, 'no line of a log\n')
    await expect(
      appendChanges(actor, first(), [{ kind: 'note', text: 'two' }]),
    ).rejects.toMatchObject({ code: 'LOG_DAMAGED' })
    expect((await readCaseFile(casebook, first())).file.changes).toHaveLength(1)
    expect(
      (await readdir(tipLayoutOf(casebook, first()).folder)).filter((name) => name.startsWith('.')),
    ).toEqual([])
  })

  it('accepts the ten thousandth change, and no more', async () => {
    const full: CaseFile = {
      schema: 'tumen-case/1',
      receipt: first(),
      changes: Array.from({ length: 9_999 }, () => ({
        kind: 'note',
        at: '2017-11-05T09:00:00Z',
        by: 'kim',
        text: 'x',
      })),
    }
    await writeFile(casePath(), JSON.stringify(full))
    await appendChanges(actor, first(), [{ kind: 'note', text: 'last' }])
    await expect(
      appendChanges(actor, first(), [{ kind: 'note', text: 'one more' }]),
    ).rejects.toMatchObject({ code: 'CASE_FULL' })
  })

  it('loses no change of two processes and this one at once', async () => {
    const run = async (role: string) => {
      const [status] = await once(startWriting(role, 12), 'exit')
      expect(status).toBe(0)
    }
    const here = async () =>
      await Promise.all(
        Array.from({ length: 12 }, (_, index) =>
          appendChanges(actor, first(), [{ kind: 'note', text: `kim${index}` }]),
        ),
      )
    await Promise.all([run('lee'), run('park'), here()])
    const { changes } = (await readCaseFile(casebook, first())).file
    expect(new Set(changes.map((change) => (change.kind === 'note' ? change.text : ''))).size).toBe(
      36,
    )
    expect((await custodyLines()).filter(({ action }) => action === 'case_changed')).toHaveLength(
      36,
    )
  })
})

describe('when a process is killed while it writes', () => {
  it('keeps every change that was reported safe, and continues', async () => {
    const child = startWriting('lee', 10_000)
    let said = ''
    for await (const piece of child.stdout) {
      said += String(piece)
      if (said.split('\n').length > 8) child.kill('SIGKILL')
    }
    await appendChanges(actor, first(), [{ kind: 'note', text: 'after' }])
    const { file, damage } = await readCaseFile(casebook, first())
    const texts = file.changes.map((change) => (change.kind === 'note' ? change.text : ''))
    expect(damage).toBeNull()
    expect(texts).toEqual(
      expect.arrayContaining([
        ...said
          .trim()
          .split('\n')
          .filter((line) => /^lee\d+$/u.test(line)),
        'after',
      ]),
    )
    expect(texts.length).toBeGreaterThan(8)
  })
})

describe('appendToCases', () => {
  it('writes to more cases than fit into one batch', async () => {
    const many = await makeCasebook(
      casebook,
      Array.from({ length: 150 }, (_, index) => ({ narrative: `tip ${index}` })),
    )
    await appendToCases(
      actor,
      new Map(many.receipts.map((receipt) => [receipt, [{ kind: 'note', text: receipt }]])),
    )
    const read = await Promise.all(many.receipts.map((receipt) => readCaseFile(casebook, receipt)))
    expect(
      read
        .map(({ file }) => file.changes)
        .every(
          ([change], index) => change?.kind === 'note' && change.text === many.receipts[index],
        ),
    ).toBe(true)
    expect((await custodyLines()).filter(({ action }) => action === 'case_changed')).toHaveLength(
      150,
    )
  })

  it('changes the cases that accept the change, and names the others', async () => {
    await writeFile(casePath(receipts[1]), '{"half')
    const note: ChangeDraft = { kind: 'note', text: 'x' }
    const unfit: ChangeDraft = { kind: 'note', text: '' }
    const changes = [
      ...receipts.map((receipt) => [receipt, [note]] as const),
      ['e'.repeat(64), [note]] as const,
      ['f'.repeat(64), [unfit]] as const,
    ]
    expect((await appendToCases(actor, new Map(changes))).toSorted()).toEqual(
      [receipts[1], 'e'.repeat(64), 'f'.repeat(64)].toSorted(),
    )
    expect(
      (await custodyLines())
        .filter(({ action }) => action === 'case_changed')
        .map(({ item }) => item),
    ).toEqual([receipts[0], receipts[2]])
    expect(await readFile(casePath(receipts[1]), 'utf8')).toBe('{"half')
  })
})

describe('when case.json is damaged', () => {
  const keptPath = (number: number) =>
    join(layoutOf(casebook).aside, `${first()}.case.json.damaged-${number}`)
  const good = { kind: 'note', at: '2017-11-05T09:00:00Z', by: 'kim', text: 'good' }
  const bad = { kind: 'note', at: 'yesterday', by: 'kim', text: 'bad' }
  const framed = (changes: unknown, change: object = {}) =>
    JSON.stringify({ schema: 'tumen-case/1', receipt: first(), changes, ...change })

  it.each<[what: string, content: () => string | Uint8Array, message: string]>([
    ['empty', () => '', 'not JSON'],
    ['cut', () => framed([good]).slice(0, -9), 'not JSON'],
    ['not UTF-8', () => Buffer.from([0xff, 0xfe, 0x7b]), 'not JSON in UTF-8'],
    [
      'of another case',
      () => framed([good], { receipt: 'a'.repeat(64) }),
      'receipt is that of another case',
    ],
    ['with a change that does not fit', () => framed([good, bad]), 'changes[1] at'],
    ['with a change without a kind', () => framed([{}]), 'changes[0] kind must be one of'],
    ['with a field nobody knows', () => framed([], { more: 1 }), 'more'],
    ['a list', () => '[]', 'object'],
  ])(
    'as it is %s, nothing in it counts and nothing is written over it',
    async (_what, content, message) => {
      await writeFile(casePath(), content())
      const before = await readFile(casePath())
      expect(await readCaseFile(casebook, first())).toEqual({
        file: { schema: 'tumen-case/1', receipt: first(), changes: [] },
        damage: expect.stringContaining(message),
        isNewer: false,
      })
      await expect(
        appendChanges(actor, first(), [{ kind: 'note', text: 'x' }]),
      ).rejects.toMatchObject({
        code: 'CASE_DAMAGED',
        message: expect.stringContaining('tumen case repair'),
      })
      expect(await readFile(casePath())).toEqual(before)
    },
  )

  it.each([
    ['with another number', () => framed([good], { schema: 'tumen-case/2', more: 1 })],
    ['with a kind of change that is not known', () => framed([good, { kind: 'later' }])],
  ])('of a newer version %s, is not damaged, and not repaired', async (_what, content) => {
    await writeFile(casePath(), content())
    const before = await readFile(casePath())
    const newer = {
      code: 'CASE_NEWER',
      message: expect.stringContaining('install that version on this desk'),
    }
    expect(await readCaseFile(casebook, first())).toMatchObject({ isNewer: true })
    await expect(
      appendChanges(actor, first(), [{ kind: 'note', text: 'x' }]),
    ).rejects.toMatchObject(newer)
    await expect(repairCase(actor, first())).rejects.toMatchObject(newer)
    expect(await readFile(casePath())).toEqual(before)
  })

  it('because it is a folder, says so', async () => {
    await mkdir(casePath())
    expect(await readCaseFile(casebook, first())).toMatchObject({
      damage: 'case.json is not a plain file',
    })
  })

  it('repairing keeps the damaged file, uses what can be read, and asks for consent again', async () => {
    const content = framed([
      good,
      bad,
      {
        kind: 'consent',
        at: good.at,
        by: 'kim',
        recipient: 'un',
        level: 'named',
        given_by: 'wife',
      },
    ])
    await writeFile(casePath(), content)
    expect(await repairCase(actor, first())).toEqual({
      keptAs: `aside/${first()}.case.json.damaged-1`,
      keptChanges: 2,
      lostChanges: 1,
    })
    expect(await readFile(keptPath(1), 'utf8')).toBe(content)
    const { file, damage } = await readCaseFile(casebook, first())
    expect(damage).toBeNull()
    expect(
      file.changes
        .slice(-6)
        .map((change) => (change.kind === 'consent' ? `${change.recipient} ${change.level}` : '')),
    ).toEqual(
      ['un', 'unhcr', 'icrc', 'embassy', 'ngo', 'media'].map(
        (recipient) => `${recipient} ask_first`,
      ),
    )
    await expect(repairCase(actor, first())).rejects.toMatchObject({ code: 'CHANGE_INVALID' })
    expect((await custodyLines()).at(-1)).toMatchObject({
      action: 'case_changed',
      reason: expect.stringContaining('damaged'),
    })
  })

  it('repairing again keeps every damaged file', async () => {
    for (const content of ['one', 'two']) {
      await writeFile(`${casePath()}.new`, content)
      await rename(`${casePath()}.new`, casePath())
      await repairCase(actor, first())
    }
    expect(await Promise.all([1, 2].map((number) => readFile(keptPath(number), 'utf8')))).toEqual([
      'one',
      'two',
    ])
  })
})
