import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'

import { holdCeremony } from '../../../src/desk/ceremony/hold.ts'
import {
  makeBroughtCards,
  makeCeremony,
  makePlaces,
  Players,
  usualAnswers,
} from '../../desk/ceremony/players.ts'
import { digestsBelow } from '../../support/tree.ts'
import { runHere } from '../support/run-here.ts'
import { makeTempDir, runProgram, tumenPath } from '../support/run-tumen.ts'

let dir: string
const run = (...args: string[]) => runHere({ dir, env: {} }, ['keyring', 'ceremony', ...args])
beforeEach(async () => {
  dir = await makeTempDir()
})

/** Runs the ceremony until it asks a question that matches. */
async function holdUntil(question: RegExp): Promise<void> {
  const guide = new Players(usualAnswers(await makeBroughtCards(join(dir, 'brought'))), (asked) =>
    question.test(asked),
  )
  await holdCeremony(
    makeCeremony(join(dir, 'held'), guide, makePlaces(join(dir, 'machine'))),
  ).catch(() => undefined)
}

describe('tumen keyring ceremony', () => {
  it('writes an empty page, and never replaces one', async () => {
    expect(await run('--page', 'page.html')).toMatchObject({
      status: 0,
      stdout: '',
      stderr: expect.stringContaining('wrote page.html'),
    })
    expect(readFileSync(join(dir, 'page.html'), 'utf8')).toContain('Each analyst')
    expect(await run('--page', 'page.html')).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('exists and is not replaced'),
    })
  })

  it('prints the progress as a page and as JSON, without a secret and without changing anything', async () => {
    await holdUntil(/^Are both on paper/)
    const before = await digestsBelow(join(dir, 'held'))
    const page = await run('--dir', 'held', '--page', '-')
    const json = await run('--dir', 'held', '--json')
    expect([page.status, json.status]).toEqual([0, 0])
    expect(JSON.parse(json.stdout)).toMatchObject({
      next: 'publish',
      present: ['김 순희', 'Lee'],
      analysts: [{ name: 'kim' }, { name: 'park' }],
      shares: { count: 3, threshold: 2 },
    })
    for (const text of ['kim', 'park', 'server', 'valid until 2027-11-23'])
      expect(page.stdout).toContain(text)
    expect(page.stdout + json.stdout).not.toMatch(/SECRET-KEY|words on the paper/)
    expect(await digestsBelow(join(dir, 'held'))).toEqual(before)
  })

  it.each([
    [2, [], '--dir FOLDER is needed'],
    [1, ['--dir', 'nowhere', '--json'], 'nowhere holds no ceremony'],
    [1, ['--dir', 'nowhere', '--page', 'page.html'], 'holds no ceremony'],
    [1, ['--dir', 'other', '--json'], 'is not the state of a ceremony'],
    [2, ['x'], 'unexpected argument'],
  ])('ends with %i for %j and leaves nothing behind', async (status, args, expected) => {
    await runProgram('mkdir', dir, ['other'])
    writeFileSync(join(dir, 'other', 'ceremony.json'), '[]')
    expect(await run(...args)).toMatchObject({
      status,
      stdout: '',
      stderr: expect.stringContaining(expected),
    })
    expect(readdirSync(dir)).toEqual(['other'])
  })

  it('says what to do when there is no terminal', async () => {
    const { status, stderr } = await runProgram('setsid', dir, [
      '-w',
      process.execPath,
      tumenPath,
      'keyring',
      'ceremony',
      '--dir',
      'held',
    ])
    expect(status).toBe(1)
    expect(stderr).toContain('the ceremony needs a terminal')
    expect(existsSync(join(dir, 'held', 'for-safe', 'root.key'))).toBe(false)
  })
})
