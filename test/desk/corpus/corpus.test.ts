import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import csvtojson from 'csvtojson'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Counts } from '../../../src/desk/counts/count-cases.ts'
import type { Archive } from '../../../src/desk/exports/archive.ts'
import type { CaseView } from '../../../src/desk/files/case-view.ts'
import { loadViews } from '../../../src/desk/view/load-views.ts'
import { runHere } from '../../cli/support/run-here.ts'
import { signStick } from '../../hostile/signed-stick.ts'
import { primitives } from '../../support/ceremony.ts'
import type { Machine } from '../../support/machine.ts'
import { makeMachine } from '../../support/machine.ts'
import { fileOf, sealWhole, sha256 } from '../../support/sealed.ts'
import type { Answer, Month, Told } from './answer-sheet.ts'
import { addedUp, answers, countedFrom, countedTo, months, today } from './answer-sheet.ts'
import { generateCorpus } from './generate-tips.ts'

const corpus = generateCorpus(300)
const now = new Date(`${today}T09:00:00Z`)
let machine: Machine
const receipts: string[] = []
let views: CaseView[] = []

const run = (...args: string[]) => runHere(machine, args, { clock: { now: () => now } })
const sum = (rows: readonly Answer[], of: (answer: Answer) => number) =>
  rows.reduce((total, answer) => total + of(answer), 0)

beforeAll(async () => {
  machine = await makeMachine('2017-11-01', mkdtempSync(`${tmpdir()}/tumen-corpus-`))
  mkdirSync(machine.at('stick'))
  for (const answer of corpus) receipts.push(await seal(answer))
  signStick(machine, machine.at('stick'), receipts)
  const opened = await run('open', 'stick', '-i', machine.identityPath, '--casebook', 'casebook')
  expect(opened).toMatchObject({ status: 0, stdout: 'opened 300, already there 0\n' })
  await workOnCases()
  views = (await loadViews(machine.at('casebook'), now)).views
}, 300_000)

afterAll(() => rmSync(machine.dir, { recursive: true, force: true }))

async function seal({ id, tip, files = 0 }: Answer): Promise<string> {
  // Two photos: one that may be shared, and one whose metadata may reveal a place.
  const photos =
    files === 0
      ? []
      : [
          { ...fileOf('얼굴.jpg', Buffer.from(id)), metadata: 'removed' as const },
          { ...fileOf('집.jpg', Buffer.from(`${id} place`)), metadata: 'kept' as const },
        ]
  const bytes = await sealWhole(primitives, machine.recipients, tip, photos)
  writeFileSync(machine.at('stick', `${sha256(bytes)}.age`), bytes)
  return sha256(bytes)
}

async function workOnCases(): Promise<void> {
  for (const [index, { then = [], isDuplicateOfPrevious }] of corpus.entries()) {
    const [receipt = '', previous = ''] = [receipts[index], receipts[index - 1]]
    const commands = [
      ...then.map((args) => args.map((each) => (each === 'ID' ? receipt : each))),
      ...(isDuplicateOfPrevious === true ? [['link', receipt, previous, '--as', 'duplicate']] : []),
    ]
    for (const args of commands)
      expect(await run('case', ...args, '--casebook', 'casebook', '--no-refresh')).toMatchObject({
        status: 0,
      })
  }
}

describe('the answer sheet', () => {
  it('has the totals that were added up by hand', () => {
    const inMonths = (of: (answer: Answer, month: Month) => number) =>
      Object.fromEntries(
        months.map((month) => [month, sum(answers, (answer) => of(answer, month))]),
      )
    expect({
      tips: answers.length,
      tiers: [0, 1, 2, 3].map((tier) => answers.filter((answer) => answer.tier === tier).length),
      certain: inMonths((answer, month) => (answer.in === month ? answer.persons : 0)),
      uncertain: inMonths((answer, month) =>
        answer.maybe?.includes(month) === true ? answer.persons : 0,
      ),
      ...wholePeriod(answers),
      un: answers.filter(({ un }) => un !== '-').length,
      media: answers.filter(({ media }) => media !== '-').length,
      files: sum(answers, ({ files = 0 }) => files),
    }).toEqual(addedUp)
  })

  it('covers 300 different tips in four languages', () => {
    expect(new Set(corpus.map(({ tip }) => JSON.stringify(tip))).size).toBe(300)
    const languages = Map.groupBy(corpus, ({ tip }) => tip.lang ?? 'unsaid')
    for (const language of ['ko', 'zh', 'en', 'ug'] as const)
      expect(languages.get(language)?.length).toBeGreaterThan(20)
  })
})

function wholePeriod(rows: readonly Answer[]) {
  return {
    inPeriod: sum(rows, (answer) =>
      answer.in !== undefined || answer.inPeriod === true ? answer.persons : 0,
    ),
    uncertainOfPeriod: sum(rows, ({ maybe, inPeriod, persons }) =>
      maybe !== undefined && inPeriod !== true ? persons : 0,
    ),
    undated: sum(rows, ({ isUndated, persons }) => (isUndated === true ? persons : 0)),
    minors: sum(rows, ({ minors = 0 }) => minors),
    elderly: sum(rows, ({ elderly = 0 }) => elderly),
    guides: sum(rows, ({ guides = 0 }) => guides),
  }
}

describe('a casebook of 300 tips', { timeout: 120_000 }, () => {
  it('has each case in the tier that the rules require', () => {
    const tiers = new Map(views.map(({ receipt, triage }) => [receipt, triage.tier]))
    expect(
      corpus.map(
        ({ id, why }, index) => `${id}: tier ${tiers.get(receipts[index] ?? '')} (${why})`,
      ),
    ).toEqual(corpus.map(({ id, tier, why }) => `${id}: tier ${tier} (${why})`))
  })

  it('counts persons as the answer sheet does', async () => {
    const { stdout } = await run(
      'report',
      'counts',
      '--from',
      countedFrom,
      '--to',
      countedTo,
      '--json',
      '--casebook',
      'casebook',
    )
    const { rows, total, undated } = JSON.parse(stdout) as Counts
    const sheet = wholePeriod(corpus)
    expect(
      rows.map(({ label, persons, uncertain, minors, elderly, guides }) => ({
        label,
        persons,
        uncertain,
        minors,
        elderly,
        guides,
      })),
    ).toEqual(
      months.map((label) => {
        const inMonth = corpus.filter((answer) => answer.in === label)
        return {
          label,
          persons: sum(inMonth, ({ persons }) => persons),
          uncertain: sum(corpus, ({ maybe, persons }) =>
            maybe?.includes(label) === true ? persons : 0,
          ),
          minors: sum(inMonth, ({ minors = 0 }) => minors),
          elderly: sum(inMonth, ({ elderly = 0 }) => elderly),
          guides: sum(inMonth, ({ guides = 0 }) => guides),
        }
      }),
    )
    expect({
      inPeriod: total.persons,
      uncertainOfPeriod: total.uncertain,
      undated: undated.persons,
      minors: total.minors,
      elderly: total.elderly,
      guides: total.guides,
    }).toEqual(sheet)
  })

  it.each(['un', 'media'] as const)(
    'reports to %s only the cases that may be shared with it',
    async (recipient) => {
      const may = corpus.flatMap((answer, index) =>
        answer[recipient] === '-' ? [] : [{ ...answer, receipt: receipts[index] ?? '' }],
      )
      const isExpected = {
        status: 1,
        stderr: expect.stringContaining(`${300 - may.length} cases stay inside`),
      }
      expect(
        await run(
          'report',
          'archive',
          '--for',
          recipient,
          '-o',
          `archive-${recipient}`,
          '--casebook',
          'casebook',
        ),
      ).toMatchObject(isExpected)
      const archive = JSON.parse(
        readFileSync(machine.at(`archive-${recipient}`, 'cases.json'), 'utf8'),
      ) as Archive
      expect(levelsOf(archive)).toEqual(may.map((answer) => answer[recipient]).sort())
      expect(readdirSync(machine.at(`archive-${recipient}`, 'files'))).toHaveLength(
        recipient === 'un' ? sum(may, ({ files = 0 }) => files) : 0,
      )

      expect(
        await run(
          'report',
          'uwazi',
          '--for',
          recipient,
          '-o',
          `${recipient}.csv`,
          '--casebook',
          'casebook',
        ),
      ).toMatchObject(isExpected)
      const uwazi = (await csvtojson({ output: 'json' }).fromFile(
        machine.at(`${recipient}.csv`),
      )) as Record<string, string>[]
      expect(uwazi).toHaveLength(sum(may, ({ tip }) => Math.max(1, tip.persons?.length ?? 0)))
      expect(
        await run(
          'report',
          'bayanat',
          '--for',
          recipient,
          '-o',
          `${recipient}-bayanat.csv`,
          '--casebook',
          'casebook',
        ),
      ).toMatchObject(isExpected)
      const bayanat = (await csvtojson({ output: 'json' }).fromFile(
        machine.at(`${recipient}-bayanat.csv`),
      )) as Record<string, string>[]
      expect(bayanat).toHaveLength(uwazi.length)

      for (const row of [...uwazi, ...bayanat]) {
        for (const cell of Object.values(row))
          expect(cell).not.toMatch(/^[=+@]|source-contact|[\u202a-\u202e]|by telephone/u)
      }
    },
  )

  it('is unchanged after all reports', async () => {
    expect(await run('verify', 'casebook')).toMatchObject({ status: 0, stderr: '' })
  })

  it('shows every text as plain text', async () => {
    expect(await run('case', 'refresh', '--casebook', 'casebook')).toMatchObject({ status: 0 })
    const pages = readdirSync(machine.at('casebook', 'site'), { recursive: true })
      .map(String)
      .filter((path) => path.endsWith('.html'))
    expect(pages.length).toBeGreaterThan(300)
    for (const page of pages) {
      expect(readFileSync(machine.at('casebook', 'site', page), 'utf8'), page).not.toMatch(
        /<script>alert|<img|<b>옌지/,
      )
    }
  })
})

function levelsOf({ cases }: Archive): Told[] {
  const short = { facts_only: 'facts', named: 'named', named_photo: 'photo' } as const
  return cases.map(({ level }) => short[level]).sort()
}
