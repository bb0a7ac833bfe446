import { spawnSync } from 'node:child_process'
import { copyFileSync, cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { bundleDesk } from '../../../scripts/desk/bundle.ts'
import { generateSigningKey } from '../../../src/keyring/minisign.ts'
import { parseIndex } from '../../../src/replies/index-file.ts'
import { runTumen } from '../../cli/support/run-tumen.ts'
import { cleanUp, until } from '../../supervise/start.ts'
import type { Started } from '../../supervise/start.ts'
import { startService } from './start-service.ts'
import { writeSeeded } from '../../support/seeded.ts'

/**
 * A source and the desk talk, with real processes: the server with its network, the desk as its
 * archive without any. Each test continues where the previous one ended.
 */

const canUnshare = spawnSync('unshare', ['--net', 'true']).status === 0
if (!canUnshare) console.warn('skipped: the desk needs unshare, which this user may not use')

const tip = {
  narrative: '11월 4일 새벽 선양에서 아내가 잡혀갔습니다. 어디에 있는지 모릅니다.',
  lang: 'ko',
  topic: 'disappearance',
  persons: [
    { names: [{ text: '리영희', script: 'Hang' }], sex: 'female', birth: '1989', status: 'held' },
  ],
  event: {
    detained_when: '2026-11-04',
    where_taken: { text: '선양', country: 'CN' },
    authority: ['cn_public_security'],
  },
  steps: { actions: [{ action: 'none_unsafe' }] },
  consent: [{ recipient: 'un', level: 'ask_first' }],
}

let folder = ''
let run: Started
let env: Record<string, string> = {}
let url = ''
const at = (...parts: string[]) => join(folder, ...parts)

const tumen = (...args: string[]) => runTumen(folder, args, env)
async function doneBy(...args: string[]): Promise<string> {
  const { status, stdout, stderr } = await tumen(...args)
  expect({ args, status, stderr: status === 0 ? '' : stderr }).toEqual({
    args,
    status: 0,
    stderr: '',
  })
  return stdout
}

/** Runs the unpacked archive of the desk, without a network. */
function desk(...args: string[]) {
  return spawnSync('unshare', ['--net', at('desk', 'tumen'), ...args], {
    cwd: at('air-gap'),
    env: { PATH: '/usr/bin:/bin' },
    encoding: 'utf8',
  })
}
function deskDid(...args: string[]): string {
  const { status, stdout, stderr } = desk(...args)
  expect({ args, status, stderr: status === 0 ? '' : stderr + stdout }).toEqual({
    args,
    status: 0,
    stderr: '',
  })
  return stdout
}
const caseOf = (id: string) =>
  JSON.parse(deskDid('case', 'show', id, '--casebook', 'casebook', '--json'))

let sticks = 0
/** Exports at the server, carries the stick to the desk, and opens it there. */
async function carryToDesk(): Promise<string> {
  sticks += 1
  const stick = `stick-${sticks}`
  await doneBy('export', stick)
  cpSync(at(stick), at('air-gap', stick), { recursive: true })
  deskDid('open', stick, '-i', 'demo.identity', '--casebook', 'casebook', '--dir', 'keys')
  return stick
}
function acknowledge(stick: string): { replies?: { sent: string[]; repeated: string[] } } {
  return JSON.parse(
    deskDid(
      'acknowledge',
      stick,
      '--casebook',
      'casebook',
      '--key',
      'desk.key',
      '--dir',
      'keys',
      '--json',
    ),
  )
}
/** Carries the stick back, and waits until its index is shown. */
async function carryBack(stick: string): Promise<void> {
  await doneBy('acknowledge', at('air-gap', stick))
  const { seq } = parseIndex(readFileSync(at('air-gap', stick, 'replies', 'index.json')))
  await until(
    async () => {
      const response = await fetch(`${url}/replies/index.json`)
      const bytes = new Uint8Array(await response.arrayBuffer())
      return response.status === 200 && parseIndex(bytes).seq === seq
    },
    () => `index ${seq} to be shown: ${run.output()}`,
    120_000,
  )
}

async function send(envelope: string): Promise<string> {
  const { receipt } = JSON.parse(await doneBy('send', envelope, '--to', url, '--json'))
  await until(
    async () => {
      const answer = await fetch(`${url}/receipts/${receipt}`)
      return (
        answer.status === 200 && ((await answer.json()) as { state: string }).state === 'stored'
      )
    },
    () => `${receipt} to be stored: ${run.output()}`,
  )
  return receipt
}
const answers = async () =>
  JSON.parse(await doneBy('answers', '--words-file', 'words.txt', '--to', url, '--json'))

beforeAll(async () => {
  ;({ folder, run, env, url } = await startService())
  mkdirSync(at('air-gap'))
  const bundled = await bundleDesk({ outDir: at('bundle'), signingKey: generateSigningKey() })
  mkdirSync(at('desk'))
  spawnSync('tar', ['-xzf', bundled.archive, '-C', at('desk'), '--strip-components=1'])
  cpSync(at('keys'), at('air-gap', 'keys'), { recursive: true })
  copyFileSync(at('var', 'demo', 'desk.key'), at('air-gap', 'desk.key'))
  copyFileSync(at('var', 'demo', 'demo.identity'), at('air-gap', 'demo.identity'))
  writeFileSync(at('tip.json'), JSON.stringify(tip))
  await writeSeeded(at('photo.jpg'), 'photo', 100_000)
}, 240_000)
afterAll(cleanUp)

describe.skipIf(!canUnshare)('a source and the desk', { timeout: 300_000 }, () => {
  let first = ''
  let followUp = ''
  let question = ''
  let stick = ''

  it('begin with a Korean tip whose words the source keeps', async () => {
    await doneBy('seal', '--tip', 'tip.json', '--words-out', 'words.txt', '-o', 'tip.age')
    expect(readFileSync(at('words.txt'), 'utf8')).toMatch(/\p{Script=Hangul}/u)
    first = await send('tip.age')
    stick = await carryToDesk()
    expect(caseOf(first).conversation).toMatchObject({ wantsAnswer: true, messages: [] })
  })

  it('go on with a question of consent, which the source finds with the words', async () => {
    const casebook = ['--casebook', 'casebook']
    deskDid('case', 'set', first, 'status', 'read', ...casebook)
    question = JSON.parse(
      deskDid(
        'case',
        'reply',
        first,
        '--standard',
        'consent',
        '--ask',
        'un',
        '--json',
        ...casebook,
      ),
    ).message
    expect(desk('report', 'wgeid', first, ...casebook, '-o', 'early.html').status).not.toBe(0)
    expect(acknowledge(stick).replies).toMatchObject({ sent: [question] })
    await carryBack(stick)
    expect(await answers()).toMatchObject({
      opened: [expect.any(String)],
      answers: [{ id: question, language: 'ko', asks: ['un'], whole: true }],
    })
  })

  it('find nothing with other words', async () => {
    const words = ['seal', '--narrative', 'x', '--words-out', 'other.txt', '-o', 'other.age']
    await doneBy(...words)
    const found = await doneBy('answers', '--words-file', 'other.txt', '--to', url, '--json')
    expect(JSON.parse(found)).toMatchObject({ opened: [], answers: [] })
  })

  it('hear a yes, with a photo, that counts only when an analyst takes it over', async () => {
    const yes = {
      narrative: '네, 이름까지 알려도 됩니다.',
      consent: [{ recipient: 'un', level: 'named' }],
    }
    writeFileSync(at('yes.json'), JSON.stringify(yes))
    await doneBy(
      'seal',
      '--tip',
      'yes.json',
      'photo.jpg',
      '--words-file',
      'words.txt',
      '--answers',
      question,
      '-o',
      'yes.age',
    )
    followUp = await send('yes.age')
    stick = await carryToDesk()
    const { conversation, consent } = caseOf(first)
    expect(conversation).toMatchObject({
      hasAnswer: true,
      messages: [{ id: question, state: 'answered', answeredBy: followUp }],
      proposals: [{ recipient: 'un', level: 'named', now: 'ask_first', receipt: followUp }],
    })
    expect(consent).toContainEqual({ recipient: 'un', level: 'ask_first' })
    expect(readdirSync(at('air-gap', 'casebook', 'tips', followUp, 'attachments'))).toEqual([
      'photo.jpg',
    ])
  })

  it('end in the form for the UN', () => {
    const casebook = ['--casebook', 'casebook']
    expect(desk('report', 'wgeid', first, ...casebook, '-o', 'early.html').status).not.toBe(0)
    deskDid('case', 'accept-consent', first, '--control', 'asked; right', ...casebook)
    deskDid('case', 'confirm', first, 'persons.0.names.0.text', ...casebook)
    deskDid('case', 'set', first, 'persons.0.names.1.text', 'Ri Yong-hui', ...casebook)
    deskDid(
      'case',
      'set',
      first,
      'consent_meta.family_agrees',
      'yes',
      '--reason',
      'asked',
      ...casebook,
    )
    writeFileSync(
      at('air-gap', 'casebook', 'submitter.txt'),
      'organisation: Example Rights Watch\nperson: Kim Example\naddress: 1 Example Street, Geneva\nemail: un@example.org\n',
    )
    deskDid('report', 'wgeid', first, ...casebook, '-o', 'form.html')
    expect(readFileSync(at('air-gap', 'form.html'), 'utf8')).toContain('Ri Yong-hui')
    expect(desk('verify', 'casebook')).toMatchObject({
      status: 0,
      stdout: expect.stringContaining('all as it was'),
    })
  })

  it('lose two sticks on the way, and the answer comes by itself with the third', async () => {
    const casebook = ['--casebook', 'casebook']
    const reply = ['case', 'reply', first, '--standard', 'received', '--json', ...casebook]
    const { message } = JSON.parse(deskDid(...reply))
    expect(acknowledge(stick).replies).toMatchObject({ sent: [message] })
    acknowledge(await carryToDesk())
    stick = await carryToDesk()
    const { conversation } = caseOf(first)
    const lost = conversation.messages.find(({ id }: { id: string }) => id === message)
    expect(lost).toMatchObject({ state: 'on_the_stick', isLost: true })
    expect(acknowledge(stick).replies).toMatchObject({ sent: [message] })
    await carryBack(stick)
    const found = (await answers()).answers.map(({ id }: { id: string }) => id)
    expect(found.filter((id: string) => id === message)).toEqual([message])
    await carryToDesk()
    expect(caseOf(first).conversation.messages).toContainEqual(
      expect.objectContaining({ id: message, state: 'published' }),
    )
  })
})
