import { copyFileSync, cpSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { expect, it } from 'vitest'
import { anchorOf } from '../../../scripts/desk/docs.ts'
import { deriveThread, replyGroupOf } from '../../../src/thread/thread.ts'
import { primitives } from '../../support/ceremony.ts'
import { sha256 } from '../../support/sealed.ts'
import { runHere } from '../support/run-here.ts'
import { makeTempDir } from '../support/run-tumen.ts'

/** Runs the commands of docs/analysts.md in order and compares their output with the guide. */

const guide = readFileSync(resolve(import.meta.dirname, '../../../docs/analysts.md'), 'utf8')
const clock = { now: () => new Date('2026-11-27T08:00:00Z') }
const passphrase = 'brave wealth camp heavy fat gloom certain scout faint'

/** The tip behind each case id that the guide shows. */
const cases = {
  '807cc7ef': {
    narrative: '11월 20일 저녁에 아내와 네 살 난 아들이 선양에서 잡혀갔습니다.',
    lang: 'ko',
    topic: 'return_feared',
    persons: [
      { names: [{ text: '리영희' }], sex: 'female', nationality: ['KP'], status: 'held' },
      {
        names: [{ text: '박준' }],
        age: { value: 4, unit: 'years', reckoning: 'international', as_of: '2026-11-20' },
        nationality: ['KP'],
        status: 'held',
      },
    ],
    event: {
      detained_when: '2026-11-20',
      where_taken: { text: '선양', country: 'CN' },
      authority: ['cn_public_security'],
      return_risk: { to_country: 'KP' },
    },
    source: { relation: 'spouse' },
    consent: [{ recipient: 'media', level: 'no' }],
    reply: replyGroupOf(deriveThread(primitives, new Uint8Array(16).fill(1)), 'ko'),
  },
  e44d5ce2: {
    narrative: '李英姬和孩子在沈阳被抓了。',
    lang: 'zh',
    persons: [{ names: [{ text: '李英姬' }], nationality: ['KP'], status: 'held' }],
    event: { detained_when: '2026-11', where_taken: { text: '沈阳', country: 'CN' } },
  },
  '7e512db9': {
    narrative: 'My brother was taken from his shop in September.',
    lang: 'en',
    persons: [{ names: [{ text: 'Tursun Memet' }], nationality: ['CN'], status: 'held' }],
    event: { detained_when: '2026-09-14', where_taken: { text: 'Ghulja', country: 'CN' } },
    consent: [
      { recipient: 'media', level: 'facts_only' },
      { recipient: 'ngo', level: 'named' },
    ],
  },
  '73ae6bed': { narrative: '전화가 끊겼습니다. 도와주세요.', lang: 'ko' },
}

interface Step {
  command: string
  answer: string[]
}

/**
 * The guide's code blocks of one kind. The kind `''` has commands and their output; the other kinds
 * are pictures of the screen, and a file.
 */
function blocksOf(wanted: string): string[] {
  return [...guide.matchAll(/^```(\S*)\n([\s\S]*?)^```$/gm)]
    .filter(([, kind]) => kind === wanted)
    .map(([, , block = '']) => block)
}

/** Each `$ COMMAND` with the lines of output below it. */
function stepsOf(blocks: readonly string[]): Step[] {
  const steps: Step[] = []
  for (const block of blocks) {
    for (const line of block.split('\n').filter((each) => each !== '')) {
      if (line.startsWith('$ ')) steps.push({ command: line.slice(2), answer: [] })
      else steps.at(-1)?.answer.push(line)
    }
  }
  return steps
}

/** Splits a command into words as a shell does, as far as the guide needs it. */
const wordsOf = (command: string): string[] =>
  [...command.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain = '']) => quoted ?? plain)

/**
 * Whether the output `said` contains the line. `…` matches any text, and the amount of white space
 * does not matter.
 */
function isSaid(line: string, said: string): boolean {
  const pieces = line
    .trim()
    .split('…')
    .map((piece) =>
      piece
        .trim()
        .split(/\s+/)
        .map((word) => word.replaceAll(/[^\p{L}\p{N}]/gu, '\\$&'))
        .join('\\s+'),
    )
  return new RegExp(`^\\s*${pieces.join('.*')}\\s*$`, 'm').test(said)
}

it('docs/analysts.md: its commands do what it says, in their order', async () => {
  const dir = await makeTempDir()
  const desk = join(dir, 'desk')
  const stick = join(dir, 'stick')
  mkdirSync(desk)
  writeFileSync(join(desk, 'words'), `${passphrase}\n`)
  const run = (cwd: string, args: readonly string[], env: Record<string, string> = {}) =>
    runHere({ dir: cwd, env }, args, { clock })
  const ids = new Map<string, string>()

  /** Does the work of other people: of those at the ceremony, the sources, and ops. */
  async function fillStick(): Promise<void> {
    const server = join(dir, 'server')
    mkdirSync(join(server, 'var/sealed'), { recursive: true, mode: 0o700 })
    const must = async (line: string) =>
      expect(
        await run(server, line.split(' '), {
          TUMEN_DATA_DIR: join(server, 'var'),
          TUMEN_KEYS_DIR: join(server, 'keys'),
        }),
      ).toMatchObject({ status: 0 })
    for (const [name, more] of [
      ['root', '--purpose root'],
      ['desk', '--purpose acknowledgement'],
      ['server', '--purpose export'],
      ['lee', '--role analyst'],
    ])
      await must(`keys new ${name} ${more} --no-passphrase`)
    await must('keyring init --dir keys --root-pub root.pub --expires 2027-11-26')
    await must(
      `keyring add --dir keys ${join(desk, 'kim.card.json')} desk.card.json server.card.json`,
    )
    await must('keyring sign --dir keys --root-key root.key')
    copyFileSync(join(server, 'server.key'), join(server, 'var/export.key'))
    const store = () => {
      const receipt = sha256(readFileSync(join(server, 'tip.age')))
      renameSync(join(server, 'tip.age'), join(server, `var/sealed/${receipt}.age`))
      return receipt
    }
    for (const [id, tip] of Object.entries(cases)) {
      writeFileSync(join(server, 'tip.json'), JSON.stringify(tip))
      await must('seal --tip tip.json -o tip.age')
      ids.set(id, store().slice(0, 8))
    }
    // A tip for somebody else, sealed to another keyring under the same root.
    await must('keyring init --dir other --root-pub root.pub --expires 2027-11-26')
    await must('keyring add --dir other lee.card.json desk.card.json server.card.json')
    await must('keyring sign --dir other --root-key root.key')
    await must('seal --tip tip.json --dir other -o tip.age')
    store()
    await must(`export ${join(stick, 'export')}`)
    cpSync(join(server, 'keys'), join(desk, 'keys'), { recursive: true })
    copyFileSync(join(server, 'desk.key'), join(desk, 'desk.key'))
  }

  const inTest = (text: string) =>
    [...ids].reduce(
      (done, [id, real]) =>
        done.replaceAll(new RegExp(`\\b${id.slice(0, 4)}(?:${id.slice(4)})?\\b`, 'g'), real),
      text.replaceAll('/media/amnesia/STICK', stick),
    )
  const steps = stepsOf(blocksOf('')).filter(({ command }) => command.startsWith('./tumen '))
  expect(steps.length).toBeGreaterThan(30)
  for (const { command, answer } of steps) {
    // Tested in test/cli/stick/open-dangerzone.test.ts, which has a stand-in for Dangerzone.
    if (command.includes('--dangerzone')) continue
    // The guide puts the organisation's file in its place before this command.
    if (command.includes('report wgeid'))
      writeFileSync(join(desk, 'casebook/submitter.txt'), blocksOf('submitter.txt')[0] ?? '')
    const asks = /^\.\/tumen (?:keys|open)\b/.test(command) ? ['--passphrase-file', 'words'] : []
    const { status, stdout, stderr } = await run(
      desk,
      [...wordsOf(inTest(command)).slice(1), ...asks],
      { TUMEN_KEYS_DIR: join(desk, 'keys') },
    )
    if (command === './tumen keys new kim') await fillStick()
    const said = stdout + stderr
    expect({ command, status, said }).not.toMatchObject({ status: 2 })
    expect({
      command,
      said,
      missing: answer.filter((line) => !isSaid(inTest(line), said)),
    }).toEqual({ command, said, missing: [] })
    expect({ command, isDone: status === 0 }).toEqual({
      command,
      isDone: !/NOT opened|not acknowledged|stays? inside/.test(said),
    })
  }
}, 120_000)

it('docs/analysts.md: its list of contents leads to every part of it', () => {
  const parts = [...guide.matchAll(/^## (.+)$/gm)].map(([, title = '']) => title)
  const listed = [...guide.matchAll(/^\d+\. \[(.+)\]\(#(.+)\)$/gm)].map(
    ([, title = '', anchor]) => [title, anchor],
  )
  expect(listed).toEqual(parts.map((title) => [title, anchorOf(title)]))
})
