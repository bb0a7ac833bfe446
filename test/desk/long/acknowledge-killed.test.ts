import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { verifyCasebook } from '../../../src/desk/custody/verify-casebook.ts'
import { parsePublicKey, verifyMinisign } from '../../../src/keyring/minisign.ts'
import { tumenPath } from '../../cli/support/run-tumen.ts'
import type { Machine } from '../../support/machine.ts'
import { copyMachine, makeMachine } from '../../support/machine.ts'
import { sourceWith, TalkingDesk } from '../replies/talking-desk.ts'

const source = sourceWith(1)
const preload = join(import.meta.dirname, 'kill-at.mjs')

/** A desk with an answer that an earlier stick brought, and one that waits for this stick. */
let ready: Machine
let receipt = ''
let answers: string[] = []
let stick = ''
let steps = 0

/** Acknowledges in a process of its own, which is killed before a change of the disk. */
function acknowledgeIn(machine: Machine, killAt: number | null) {
  const { PATH = '' } = process.env
  return spawnSync(
    process.execPath,
    [
      '--import',
      preload,
      tumenPath,
      'acknowledge',
      stick,
      '--casebook',
      'casebook',
      '--key',
      machine.deskKeyPath,
    ],
    {
      cwd: machine.dir,
      env: { PATH, ...machine.env, ...(killAt === null ? {} : { KILL_AT: String(killAt) }) },
      encoding: 'utf8',
    },
  )
}

async function reply(desk: TalkingDesk, text: string): Promise<string> {
  const file = desk.write('answer.txt', text)
  return JSON.parse(await desk.desk('reply', receipt, '--text-file', file, '--yes', '--json'))
    .message
}

/** Prepares the desk, and counts the changes of a whole run. */
async function prepare(): Promise<void> {
  const desk = new TalkingDesk(await makeMachine(), new Date())
  receipt = await desk.send(source)
  const first = await desk.open()
  answers = [await reply(desk, '읽었습니다. 더 아시는 것이 있습니까?')]
  await desk.acknowledge(first)
  answers.push(await reply(desk, '다시 찾아와 주셔서 고맙습니다.'))
  await desk.desk('set', receipt, 'status', 'read')
  stick = await desk.open(first)
  ready = desk.machine
  const done = acknowledgeIn(await copyMachine(ready), null)
  expect(done.status, done.stderr).toBe(0)
  steps = Number(/changes: (\d+)/.exec(done.stderr)?.[1])
}

/** Whether the stick has an index whose signature fits, so that the server would take it in. */
function hasIndex(machine: Machine): boolean {
  const path = machine.at(stick, 'replies', 'index.json')
  if (!existsSync(path) || !existsSync(`${path}.minisig`)) return false
  const desk = machine.keyring.signers.find(({ purpose }) => purpose === 'acknowledgement')
  try {
    verifyMinisign({
      publicKey: parsePublicKey(desk?.public_key ?? ''),
      message: readFileSync(path),
      signature: readFileSync(`${path}.minisig`, 'utf8'),
    })
    return true
  } catch {
    return false
  }
}

/** Every drop that the index on the stick names is on it, or was on an earlier stick. */
function checkIndex(desk: TalkingDesk): void {
  for (const { id, sha256 } of desk.index(stick).drops) {
    const places = [stick, 'stick-1'].map((each) => desk.machine.at(each, 'replies', `${id}.tar`))
    const path = places.find((each) => existsSync(each))
    expect(path, `drop ${id}`).toBeDefined()
    expect(
      createHash('sha256')
        .update(readFileSync(path ?? ''))
        .digest('hex'),
    ).toBe(sha256)
  }
}

describe('the desk’s acknowledge, killed before every fourth change of the disk', () => {
  it('loses no answer, doubles none, and names no missing drop', { timeout: 900_000 }, async () => {
    await prepare()
    expect(steps).toBeGreaterThan(20)
    for (let step = 1; step <= steps; step += 4) {
      const machine = await copyMachine(ready)
      const desk = new TalkingDesk(machine, new Date())
      const killed = acknowledgeIn(machine, step)
      expect(killed.signal, `step ${step}: ${killed.stderr}`).toBe('SIGKILL')
      if (hasIndex(machine)) checkIndex(desk)
      const again = await desk.acknowledge(stick)
      expect(again, `step ${step}`).toMatchObject({ status: 0 })
      expect(hasIndex(machine), `step ${step}`).toBe(true)
      checkIndex(desk)
      const { messages } = await desk.find(source, stick)
      // A repeat has the id of the answer, so that the reader shows it once.
      expect(new Set(messages.map(({ id }) => id)), `step ${step}`).toContain(answers[1])
      expect(new Set(answers), `step ${step}`).toEqual(
        new Set([...answers, ...messages.map(({ id }) => id)]),
      )
      const { conversation } = await desk.caseJson(receipt)
      expect(conversation.messages.map(({ id }: { id: string }) => id)).toEqual(answers)
      const problems = (await verifyCasebook(machine.at('casebook'), () => undefined)).problems
      expect(
        problems.filter(({ item }) => !item.startsWith('site')),
        `step ${step}`,
      ).toEqual([])
    }
  })
})
