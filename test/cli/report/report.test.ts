import { createHash } from 'node:crypto'
import { appendFile, readFile, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import type { DetentionTip } from '../../../src/tip/schema.ts'
import { makeCasebook } from '../../desk/support/make-casebook.ts'
import { seedTip } from '../../desk/support/sample-view.ts'
import { makeTempDir } from '../../support/temp-dir.ts'
import { runHere } from '../support/run-here.ts'

const agreed: DetentionTip = {
  ...seedTip,
  narrative: 'agreed',
  persons: ['Ri Yong-hui', 'Yi Min-jun'].map((text, index) => ({
    ...seedTip.persons?.[index],
    names: [{ text }],
  })),
  event: { ...seedTip.event, where_taken: { text: 'Shenyang', country: 'CN' } },
  consent_meta: { family_agrees: 'yes' },
  steps: { actions: [{ action: 'police' }] },
}
const notAsked: DetentionTip = {
  ...seedTip,
  narrative: 'not asked',
  persons: [{ names: [{ text: '\u001b[31m\u202e박' }] }],
}
const silent: DetentionTip = { narrative: 'silent', persons: [{ names: [{ text: '김' }] }] }

let dir = ''
let ids: string[] = []
beforeEach(async () => {
  dir = await makeTempDir()
  const { receipts } = await makeCasebook(join(dir, 'casebook'), [agreed, notAsked, silent])
  ids = receipts.map((receipt) => receipt.slice(0, 8))
  await writeFile(
    join(dir, 'org.txt'),
    'organisation: Org\naddress: Geneva\nphone: +41 22 000 00 00\n',
  )
})

const confirm = async (index: number) =>
  await runHere({ dir, env: {} }, ['case', 'confirm', id(index), 'persons', 'event'])
const report = async (...args: string[]) => await runHere({ dir, env: {} }, ['report', ...args])
const id = (index: number) => ids[index] ?? ''
const files = async () =>
  (await readdir(dir)).filter((name) => name !== 'casebook' && name !== 'org.txt')

describe('tumen report', () => {
  it('lists its subcommands', async () => {
    const { status, stdout } = await report('--help')
    expect(status).toBe(0)
    for (const name of ['wgeid', 'wgad', 'summary', 'counts', 'uwazi', 'bayanat', 'archive'])
      expect(stdout).toContain(`tumen report ${name}`)
  })

  it.each(['wgeid', 'wgad'])('%s says first to whom the case goes', async (form) => {
    expect((await report(form, '--help')).stdout).toContain(
      'BEFORE ANYBODY CONSENTS, SAY: the Working Group sends the case, with the name, to the government that holds the person',
    )
  })
})

describe.each(['wgeid', 'wgad'])('tumen report %s', (form) => {
  it('writes the forms that may go, names the other cases with a way out, and logs the file', async () => {
    const { status, stdout, stderr } = await report(
      form,
      ...ids,
      '--submitter',
      'org.txt',
      '-o',
      'form.html',
    )
    expect(status).toBe(1)
    expect(stdout).toContain('wrote form.html: 2 forms')
    expect(stderr).toContain(`${id(1)}: FAMILY_NOT_ASKED: ask the family`)
    expect(stderr).toContain(`tumen case set ${id(1)} consent_meta.family_agrees yes --reason`)
    expect(stderr).toContain(`${id(2)}: ASK_FIRST`)
    expect(stderr.match(/government that holds the person/g)).toHaveLength(3)
    const html = await readFile(join(dir, 'form.html'))
    expect(html.toString()).not.toMatch(/박|김/)
    const log = await readFile(join(dir, 'casebook', 'custody.jsonl'), 'utf8')
    expect(JSON.parse(log.trim().split('\n').at(-1) ?? '')).toMatchObject({
      action: 'report_written',
      item: 'form.html',
      sha256: createHash('sha256').update(html).digest('hex'),
      reason: `${form} (en), 2 forms for un`,
    })
  })

  it('writes nothing that the custody log cannot record', async () => {
    await confirm(0)
    const before = await files()
    await appendFile(join(dir, 'casebook', 'custody.jsonl'), 'no line of the log\n')
    const done = await report(form, id(0), '--submitter', 'org.txt', '-o', 'form.html')
    expect(done).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('custody.jsonl does not end in a line of the log'),
    })
    expect(await files()).toEqual(before)
  })

  it('writes nothing if nothing may go, or without an organisation', async () => {
    expect(await report(form, id(1), '--submitter', 'org.txt', '-o', 'x.docx')).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('no form was written'),
    })
    expect(await report(form, id(0), '-o', 'x.docx')).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('--submitter FILE'),
    })
    expect(await report(form, id(0), '--submitter', 'none.txt', '-o', 'x.docx')).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('no such file'),
    })
    expect(await report(form, id(0), '--submitter', 'org.txt', '-o', 'x.pdf')).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('.html or .docx'),
    })
    expect(
      await report(form, id(0), '--submitter', 'org.txt', '--lang', 'de', '-o', 'x.html'),
    ).toMatchObject({ status: 2, stderr: expect.stringContaining('en, fr, es') })
    expect(await report(form)).toMatchObject({ status: 2 })
    expect(await files()).toEqual([])
  })
})

describe('the meter', () => {
  it('prints what is missing for each person, and what to type', async () => {
    const before = await report('wgeid', id(0))
    expect(before.stdout).toContain(
      `missing: full name: read it, then: tumen case confirm ${id(0)} persons.0.names.0.text`,
    )
    await confirm(0)
    const { status, stdout } = await report('wgeid', id(0))
    expect(status).toBe(0)
    expect(stdout).toContain(
      `${id(0)} persons.0 Ri Yong-hui: 5 of 6 [*****-], older than three months\n    missing: submitter: name your organisation`,
    )
    expect(await files()).toEqual([])
  })

  it('prints JSON for programs', async () => {
    await confirm(0)
    const { stdout } = await report('wgeid', ...ids, '--json', '--submitter', 'org.txt')
    expect(JSON.parse(stdout)).toMatchObject({
      written: [],
      to_government: expect.stringContaining('government'),
      meter: [
        { case: id(0), person: 0, have: 6, of: 6, missing: [], urgent: 'no' },
        { person: 1, have: 6 },
      ],
      withheld: [
        { id: id(1), code: 'FAMILY_NOT_ASKED' },
        { id: id(2), code: 'ASK_FIRST' },
      ],
    })
  })

  it('suggests commands that fill the gaps', async () => {
    await runHere({ dir, env: {} }, [
      'case',
      'consent',
      id(2),
      'un',
      'named',
      '--given-by',
      'the brother',
    ])
    await runHere({ dir, env: {} }, ['case', 'set', id(2), 'consent_meta.family_agrees', 'yes'])
    const { stdout } = await report('wgeid', id(2), '--submitter', 'org.txt')
    const commands = [
      ...stdout.matchAll(/missing: [^:]+: (?:in Latin letters: )?tumen (case set \S+ \S+ \S+)/g),
    ].map(([, command = '']) => command.split(' '))
    expect(commands).toHaveLength(5)
    for (const command of commands)
      expect(await runHere({ dir, env: {} }, command)).toMatchObject({ status: 0 })
    expect((await report('wgeid', id(2), '--submitter', 'org.txt')).stdout).toContain(
      '6 of 6 [******]',
    )
  })

  it('lets no name control the terminal', async () => {
    await runHere({ dir, env: {} }, ['case', 'set', id(1), 'consent_meta.family_agrees', 'yes'])
    expect((await report('wgeid', id(1))).stdout).not.toMatch(
      /[\u0000-\u0009\u000b-\u001f\u202a-\u202e]/,
    )
  })
})

describe('tumen report counts and summary', () => {
  it('can be DOCX', async () => {
    expect(
      await report('counts', '--from', '2017-01-01', '--to', '2017-12-31', '-o', 'c.docx'),
    ).toMatchObject({ status: 0 })
    expect(
      await report('summary', id(0), '--for', 'embassy', '--lang', 'es', '-o', 's.docx'),
    ).toMatchObject({ status: 0, stdout: 'wrote s.docx: 1 case for embassy\n' })
    expect((await readFile(join(dir, 'c.docx'))).subarray(0, 2).toString()).toBe('PK')
  })

  it('write nothing for a recipient to whom the source said no', async () => {
    expect(await report('summary', id(0), '--for', 'media', '-o', 's.html')).toMatchObject({
      status: 1,
      stdout: '',
      stderr: expect.stringContaining('NO_CONSENT'),
    })
    expect(await files()).toEqual([])
  })
})
