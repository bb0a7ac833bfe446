import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runTumen } from '../../cli/support/run-tumen.ts'
import { cleanUp, until } from '../../supervise/start.ts'
import type { Started } from '../../supervise/start.ts'
import { startService } from './start-service.ts'

/**
 * An answer goes from the desk to the source and comes back, through a real server, with the
 * commands that people type. Each test continues where the previous one ended.
 */

const question = '편지를 잘 받았습니다. 유엔에 알려도 될까요?'
const demoNote = 'DEMO keyring: do not seal a real tip to it\n'

let folder = ''
let run: Started
let env: Record<string, string> = {}
let url = ''
let receipt = ''

const at = (...parts: string[]) => join(folder, ...parts)
async function tumen(...args: string[]): Promise<{ stdout: string; stderr: string }> {
  const { status, stdout, stderr } = await runTumen(folder, args, env)
  expect({ args, status, stderr: status === 0 ? '' : stderr }).toEqual({
    args,
    status: 0,
    stderr: '',
  })
  return { stdout, stderr }
}

interface Answers {
  answers: { id: string; text: string; asks: string[] }[]
}
const readAnswers = async (): Promise<Answers> =>
  JSON.parse(
    (await tumen('answers', '--words-file', 'words.txt', '--to', url, '--json')).stdout,
  ) as Answers

async function stateOf(tip: string): Promise<string> {
  const answer = await fetch(`${url}/receipts/${tip}`)
  return answer.status === 200 ? ((await answer.json()) as { state: string }).state : 'unknown'
}

async function send(envelope: string): Promise<string> {
  const { stdout } = await tumen('send', envelope, '--to', url, '--json')
  const sent = (JSON.parse(stdout) as { receipt: string }).receipt
  await until(
    async () => (await stateOf(sent)) === 'stored',
    () => `${sent} to be stored: ${run.output()}`,
    60_000,
  )
  return sent
}

/** One trip: export, open on the desk, and back. */
async function openOnDesk(stick: string): Promise<void> {
  await tumen('export', stick)
  await tumen('open', stick, '-i', at('var', 'demo', 'demo.identity'), '--casebook', 'casebook')
}
async function bringBack(stick: string): Promise<string> {
  const key = at('var', 'demo', 'desk.key')
  await tumen('acknowledge', stick, '--casebook', 'casebook', '--key', key)
  return (await tumen('acknowledge', stick)).stdout
}

beforeAll(async () => {
  ;({ folder, run, env, url } = await startService())
})
afterAll(cleanUp)

describe('an answer', () => {
  it('is possible for a tip with words, and there is none at first', async () => {
    const tip = { narrative: '남편이 잡혀갔습니다.', lang: 'ko' }
    writeFileSync(at('tip.json'), JSON.stringify(tip))
    const sealing = ['--tip', 'tip.json', '--words-out', 'words.txt', '-o', 'tip.age']
    expect((await tumen('seal', ...sealing)).stderr).toContain(demoNote)
    receipt = await send('tip.age')
    expect((await readAnswers()).answers).toEqual([])
  })

  it('is written on the desk, carried, and found with the words', async () => {
    await openOnDesk('first')
    writeFileSync(at('answer.txt'), question)
    const reply = ['--text-file', 'answer.txt', '--ask', 'un', '--yes', '--casebook', 'casebook']
    await tumen('case', 'reply', receipt.slice(0, 8), ...reply)
    expect(await bringBack('first')).toContain(
      'answers of DEMO desk are taken in (number 2, 1 new)',
    )
    await until(
      async () => (await readAnswers()).answers.length > 0,
      () => `the answer to be shown: ${run.output()}`,
      150_000,
    )
    expect((await readAnswers()).answers).toMatchObject([{ text: question, asks: ['un'] }])
  })

  it('is checked by the tools of others', async () => {
    const archive = Buffer.from(await (await fetch(`${url}/replies/newest.tar`)).arrayBuffer())
    execFileSync('mkdir', ['-p', at('fetched', 'drop')])
    execFileSync('tar', ['-xf', '-', '-C', at('fetched')], { input: archive })
    const drop = readdirSync(at('fetched')).find((name) => name.endsWith('.tar')) ?? ''
    execFileSync('tar', ['-xf', drop, '-C', 'drop'], { cwd: at('fetched') })
    expect(readdirSync(at('fetched', 'drop')).filter((name) => name.endsWith('.age'))).toHaveLength(
      15,
    )
    const keyring = JSON.parse(readFileSync(at('keys', 'keyring.json'), 'utf8')) as {
      signers: { purpose: string; public_key: string }[]
    }
    const key = keyring.signers.find(({ purpose }) => purpose === 'acknowledgement')?.public_key
    const minisign = ['-Vm', 'index.json', '-P', key ?? '']
    expect(execFileSync('minisign', minisign, { cwd: at('fetched') }).toString()).toContain(
      'tumen replies index seq 2',
    )
  })

  it('is answered by a follow-up, which the desk finds in the same conversation', async () => {
    const [answer] = (await readAnswers()).answers
    const sealing = ['--words-file', 'words.txt', '--answers', answer?.id ?? '', '-o', 'more.age']
    await tumen('seal', '--narrative', '네, 알려 주세요.', ...sealing)
    await send('more.age')
    await openOnDesk('second')
    const { stdout } = await tumen('case', 'show', receipt.slice(0, 8), '--casebook', 'casebook')
    expect(stdout).toContain(question)
    expect(await bringBack('second')).toContain('(number 3, 1 new)')
  })
})
