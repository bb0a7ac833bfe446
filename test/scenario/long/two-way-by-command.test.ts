import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runTumen } from '../../cli/support/run-tumen.ts'
import { cleanUp, until } from '../../supervise/start.ts'
import type { Started } from '../../supervise/start.ts'
import { startService } from './start-service.ts'

/**
 * A source by command and the desk write to each other, with real processes. Each test continues
 * where the previous one ended.
 */

let folder = ''
let run: Started
let env: Record<string, string> = {}
let url = ''
const question = '편지를 읽었습니다. 유엔에 알려도 됩니까?'
let firstReceipt = ''
let answerId = ''

const at = (...parts: string[]) => join(folder, ...parts)

/** Runs a command that must succeed. @returns what it printed on stdout. */
async function doneBy(...args: string[]): Promise<string> {
  const { status, stdout, stderr } = await runTumen(folder, args, env)
  expect({ status, stderr: status === 0 ? '' : stderr }).toEqual({ status: 0, stderr: '' })
  return stdout
}

interface Shown {
  keys: { state: string }
  opened: string[]
  answers: { id: string; text: string; asks: string[]; whole: boolean }[]
  problems: unknown[]
}

async function answers(): Promise<Shown> {
  const stdout = await doneBy('answers', '--words-file', 'words.txt', '--to', url, '--json')
  return JSON.parse(stdout) as Shown
}

/** One trip of the stick: to the desk, where `atDesk` happens, and back. */
async function carry(stick: string, atDesk: () => Promise<void>): Promise<void> {
  await doneBy('export', stick)
  await doneBy('open', stick, '--identity', 'var/demo/demo.identity', '--casebook', 'casebook')
  await atDesk()
  await doneBy('acknowledge', stick, '--casebook', 'casebook', '--key', 'var/demo/desk.key')
  await doneBy('acknowledge', stick)
}

/** Seals a tip, sends it and waits until it is stored. @returns its receipt. */
async function sendTip(narrative: string, envelope: string, ...words: string[]): Promise<string> {
  const tip = ['--narrative', narrative, '--lang', 'ko', '-o', envelope, '--json']
  const { receipt } = JSON.parse(await doneBy('seal', ...tip, ...words)) as { receipt: string }
  await doneBy('send', envelope, '--to', url)
  await until(
    async () => {
      const headers = { accept: 'application/json' }
      const response = await fetch(`${url}/receipts/${receipt}`, { headers })
      return (await response.text()).includes('stored')
    },
    () => run.output(),
    60_000,
  )
  return receipt
}

beforeAll(async () => {
  ;({ folder, run, env, url } = await startService())
})
afterAll(cleanUp)

describe('a source with twelve words', () => {
  it('sends a tip that can be answered', async () => {
    firstReceipt = await sendTip('선양에서 잡혀갔습니다', 'first.age', '--words-out', 'words.txt')
    expect(await answers()).toMatchObject({ keys: { state: 'confirmed' }, answers: [] })
  })

  it('is answered by the desk with a question', async () => {
    await carry('stick 1', async () => {
      writeFileSync(at('question.txt'), question)
      const args = ['--text-file', 'question.txt', '--ask', 'un', '--yes', '--casebook', 'casebook']
      await doneBy('case', 'reply', firstReceipt.slice(0, 12), ...args, '--json')
    })
    await until(
      async () => (await answers()).answers.length > 0,
      () => run.output(),
      120_000,
    )
    const { keys, answers: found, problems } = await answers()
    expect(keys.state).toBe('confirmed')
    expect(found).toMatchObject([{ text: question, asks: ['un'], whole: true }])
    expect(problems).toEqual([])
    answerId = found[0]?.id ?? ''
  })

  it('finds nothing with other words', async () => {
    await doneBy('seal', '--narrative', 'x', '--words-out', 'other.txt', '-o', 'other.age')
    const args = ['--words-file', 'other.txt', '--to', url]
    expect(await doneBy('answers', ...args)).toMatch(/^nothing for these words in the drops/)
  })

  it('answers, and the desk has it in the same conversation', async () => {
    const thread = ['--words-file', 'words.txt', '--answers', answerId]
    const second = await sendTip('예, 알려도 됩니다', 'second.age', ...thread)
    await carry('stick 2', async () => {
      const shown = await doneBy(
        'case',
        'show',
        firstReceipt.slice(0, 12),
        '--casebook',
        'casebook',
      )
      expect(shown).toContain(question)
      const { answers: named } = JSON.parse(
        readFileSync(at('casebook', 'tips', second, 'tip.json'), 'utf8'),
      ) as { answers: string }
      expect(named).toBe(answerId)
    })
  })
})
