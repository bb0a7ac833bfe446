import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'

import { openWithPassphrase } from '../../../src/age/passphrase.ts'
import type { Ceremony } from '../../../src/desk/ceremony/ceremony.ts'
import { holdCeremony, nextStep, stateName } from '../../../src/desk/ceremony/hold.ts'
import { readState, stepIds } from '../../../src/desk/ceremony/state.ts'
import { loadKeyring } from '../../../src/keyring/load.ts'
import { parsePublicKey, parseSecretKey, verifyMinisign } from '../../../src/keyring/minisign.ts'
import { Secret } from '../../../src/keyring/secret.ts'
import { parseShare } from '../../../src/keyring/share-format.ts'
import { combineShares } from '../../../src/keyring/shares.ts'
import { parseIndex } from '../../../src/replies/index-file.ts'
import { primitives } from '../../support/ceremony.ts'
import { makeTempDir } from '../../support/temp-dir.ts'
import { filesBelow } from '../../support/tree.ts'
import type { Answers } from './players.ts'
import {
  ceremonyDay,
  makeBroughtCards,
  makeCeremony,
  makePlaces,
  passphraseOf,
  Players,
  StoppedByTest,
  usualAnswers,
} from './players.ts'

const hasMinisign = spawnSync('minisign', ['-v']).status === 0
if (!hasMinisign)
  console.warn('skipped: minisign over the keyring of the ceremony, because it is not installed')

let dir: string
let places: Ceremony['places']
let cards: { park: string; server: string }
const at = (...parts: string[]) => join(dir, 'ceremony', ...parts)
const shareNames = [1, 2, 3].map((number) => `root.share-${number}-of-3.txt`)
const expected = [
  'cards/desk.card.json',
  'cards/kim.card.json',
  'cards/park.card.json',
  'cards/root.card.json',
  'cards/server.card.json',
  'ceremony.html',
  'ceremony.json',
  'for-desk/SHA256SUMS',
  'for-desk/desk.key',
  'for-desk/desk.pub',
  'for-desk/keys/keyring.json',
  'for-desk/keys/keyring.json.minisig',
  'for-desk/keys/replies/index.json',
  'for-desk/keys/replies/index.json.minisig',
  'for-desk/keys/root.pub',
  'for-desk/kim.identity.age',
  'for-safe/SHA256SUMS',
  'for-safe/kim.identity.age',
  'for-safe/root.key',
  'for-safe/root.pub',
  'for-server/SHA256SUMS',
  'for-server/keyring.json',
  'for-server/keyring.json.minisig',
  'for-server/replies/index.json',
  'for-server/replies/index.json.minisig',
  'for-server/root.pub',
  ...shareNames.map((name) => `shares-to-print/${name}`),
]

beforeEach(async () => {
  dir = await makeTempDir()
  places = makePlaces(join(dir, 'machine'))
  cards = await makeBroughtCards(join(dir, 'brought'))
})

const hold = (guide: Players) => holdCeremony(makeCeremony(at(), guide, places))
const with_ = (...changes: Answers) => [...changes, ...usualAnswers(cards)]

/** Checks the result of a finished ceremony, which is the same however often it was interrupted. */
async function checkHeld(): Promise<void> {
  expect(await filesBelow(at())).toEqual(expected)
  const { keyring } = await loadKeyring({ dir: at('for-server'), day: ceremonyDay })
  expect(keyring.recipients.map(({ name, role }) => [name, role])).toEqual([
    ['kim', 'analyst'],
    ['park', 'lawyer'],
  ])
  expect(keyring.signers.map(({ name, purpose }) => [name, purpose])).toEqual([
    ['desk', 'acknowledgement'],
    ['server', 'export'],
  ])
  const opened = await openWithPassphrase(
    primitives,
    readFileSync(at('for-safe', 'kim.identity.age')),
    passphraseOf('kim'),
  )
  expect(new TextDecoder().decode(opened)).toContain(
    `# public key: ${keyring.recipients[0]?.recipient}`,
  )
  const root = parseSecretKey(
    readFileSync(at('for-safe', 'root.key'), 'utf8'),
    Secret.fromText(passphraseOf('root')),
  )
  const given = shareNames
    .slice(1)
    .map((from) => ({ from, share: parseShare(readFileSync(at('shares-to-print', from))) }))
  expect(
    parseSecretKey((await combineShares(primitives, given)).text.revealText()).publicKey,
  ).toEqual(root.publicKey)
  for (const stick of ['for-server', 'for-desk', 'for-safe'])
    expect(
      spawnSync('sha256sum', ['--check', '--strict', 'SHA256SUMS'], { cwd: at(stick) }).status,
    ).toBe(0)
  const index = parseIndex(readFileSync(at('for-server', 'replies', 'index.json')))
  const served = readFileSync(at('for-server', 'keyring.json'))
  expect(index).toMatchObject({
    seq: 1,
    drops: [],
    keyring: { sha256: createHash('sha256').update(served).digest('hex'), older: [] },
  })
  const desk = parsePublicKey(readFileSync(at('for-desk', 'desk.pub'), 'utf8'))
  const signature = readFileSync(at('for-server', 'replies', 'index.json.minisig'))
  const message = readFileSync(at('for-server', 'replies', 'index.json'))
  verifyMinisign({ publicKey: desk, message, signature })
  const html = readFileSync(at('ceremony.html'), 'utf8')
  expect(html).not.toMatch(/SECRET-KEY|NOT SIGNED|<script|src=/)
  for (const name of ['김 순희', 'Lee', 'kim', 'park', 'server']) expect(html).toContain(name)
}

describe('holdCeremony', () => {
  it('leads from an empty folder to a signed keyring, sticks, papers and a page', async () => {
    const state = await hold(new Players(usualAnswers(cards)))
    expect(nextStep(state)).toBeNull()
    await checkHeld()
    if (hasMinisign)
      expect(
        spawnSync('minisign', [
          '-Vm',
          at('for-server', 'keyring.json'),
          '-p',
          at('for-server', 'root.pub'),
        ]).status,
      ).toBe(0)
    for (const name of ['server', 'cards']) {
      for (const file of await filesBelow(at(name === 'server' ? 'for-server' : name)))
        expect(file).not.toMatch(/\.(key|age|identity|txt)$/)
    }
  })

  it('continues wherever it was stopped: at each question, the first time it is asked', async () => {
    const seen = new Set<string>()
    const isNew = (question: string) => !seen.has(question) && Boolean(seen.add(question))
    let runs = 0
    const answered: string[] = []
    for (let isHeld = false; !isHeld; runs += 1) {
      const guide = new Players(await leftAnswers(), isNew)
      isHeld = await hold(guide).then(
        () => true,
        (error: unknown) => {
          if (!(error instanceof StoppedByTest)) throw error
          return false
        },
      )
      answered.push(...guide.answered)
    }
    await checkHeld()
    expect(runs - 1).toBe(seen.size)
    const once = answered.filter((question) =>
      /^(new passphrase|Read aloud|Name of person|The last day)/.test(question),
    )
    expect(once).toHaveLength(3 + 5 + 3 + 1)
    expect(new Set(once).size).toBe(once.length)
  })

  it('keeps a complete key, and makes a half-made one again', async () => {
    const stopped = new Players(with_([/^Name of an analyst/, ['kim']]))
    await expect(hold(stopped)).rejects.toThrow('nobody knows')
    const state = JSON.parse(readFileSync(at(stateName), 'utf8'))
    // Simulates a power failure before the state was written.
    writeFileSync(at(stateName), JSON.stringify({ ...state, analysts: [] }))
    const kept = readFileSync(at('for-desk', 'kim.identity.age'))
    writeFileSync(at('for-desk', 'lee.identity.age'), 'half')
    writeFileSync(at('for-desk', '.lee.identity.age.0123456789ab.tmp'), 'half')
    const again = new Players(
      with_([/^Name of an analyst/, ['lee', '']], [/^What does lee do/, ['']]),
    )
    await hold(again)
    expect(again.said).toContain('The key of kim is there from before: it is kept.')
    expect(readFileSync(at('for-desk', 'kim.identity.age'))).toEqual(kept)
    expect(readFileSync(at('for-desk', 'lee.identity.age')).length).toBeGreaterThan(1_000)
    expect(readdirSync(at('for-desk')).filter((name) => name.startsWith('.'))).toEqual([])
  })

  it('makes all shares again when a run was killed while it wrote them', async () => {
    const isShares = (question: string) => question.startsWith('How many papers')
    await expect(hold(new Players(usualAnswers(cards), isShares))).rejects.toThrow(StoppedByTest)
    for (const name of ['root.share-1-of-3.txt', 'root.share-2-of-5.txt'])
      writeFileSync(at('shares-to-print', name), 'of a set that was never whole')
    await hold(new Players(await leftAnswers()))
    await checkHeld()
  })

  it('does nothing more when it is over', async () => {
    await hold(new Players(usualAnswers(cards)))
    const guide = new Players([])
    await hold(guide)
    expect(guide.asked).toBe(0)
    expect(guide.said).toEqual([
      `Begun ${ceremonyDay}, ${stepIds.length} of ${stepIds.length} steps are done.`,
    ])
  })

  it.each([
    ['machine', /^Is all of it so/, 'make it so first'],
    ['compare', /^Read aloud/, 'the key here is not the one of root'],
    ['publish', /^Are both on paper/, 'write them down first'],
    ['sticks', /^Is the stick/, 'write it first'],
  ])(
    'stops at %s for a no, and signs nothing that was not compared',
    async (step, question, why) => {
      const guide = new Players(with_([question, ['maybe', '', 'no']]))
      await expect(hold(guide)).rejects.toMatchObject({
        code: 'STOPPED',
        message: expect.stringContaining(why),
      })
      const state = await readState(at(stateName))
      expect(state === null ? 'machine' : nextStep(state)).toBe(step)
      expect(existsSync(at('for-server', 'keyring.json.minisig'))).toBe(
        ['publish', 'sticks'].includes(step),
      )
    },
  )

  it.each([
    ['a single person', /^Name of person 2/, ['', 'a\u202eb', 'Lee'], 'at least two'],
    ['one paper', /^How many papers/, ['1', 'x', '256', '3'], 'one paper alone would be the key'],
    ['more than there are', /^How many of them/, ['4', '1', '2'], 'a number from 2 to 3'],
    [
      'no analyst, bad names, the same twice, another card',
      /^Name of an analyst/,
      ['', '../kim', 'root', 'kim', 'KIM', 'SERVERCARD', 'none.json', 'PARKCARD', ''],
      'nobody could open a tip',
    ],
    [
      "another card than the server's",
      /^Path of the server's card/,
      ['PARKCARD', 'SERVERCARD'],
      'is of a key for something else',
    ],
    [
      'a day that is over',
      /^The last day/,
      ['2026-11-22', '2027-02-29', '2027-11-23'],
      'a day as YYYY-MM-DD',
    ],
  ])('asks again after %s', async (_what, question, answers, why) => {
    const named = answers.map(
      (answer) => ({ SERVERCARD: cards.server, PARKCARD: cards.park })[answer] ?? answer,
    )
    const guide = new Players(with_([question, named]))
    await hold(guide)
    expect(guide.said.join('\n')).toContain(why)
    await checkHeld()
  })

  it('makes no papers when none are wanted, and ignores a server card that comes later', async () => {
    await hold(
      new Players(
        with_(
          [/^How many papers/, ['0']],
          [/^Path of the server's card/, ['']],
          [/^Read aloud/, ['yes', 'yes', 'yes', 'yes']],
        ),
      ),
    )
    expect(readdirSync(at('shares-to-print'))).toEqual([])
    const { keyring } = await loadKeyring({ dir: at('for-server'), day: ceremonyDay })
    expect(keyring.signers.map(({ name }) => name)).toEqual(['desk'])
  })

  it.each([
    ['a file of its own was taken away', () => rmSync(at('cards', 'kim.card.json')), 'STATE_LOST'],
    ['its state is not its own', () => writeFileSync(at(stateName), '{}'), 'STATE_INVALID'],
    [
      'its state names what no person may be named',
      () =>
        writeFileSync(
          at(stateName),
          readFileSync(at(stateName), 'utf8').replace('"kim"', '"k\u202eim"'),
        ),
      'STATE_INVALID',
    ],
  ])('refuses to continue when %s', async (_when, spoil, code) => {
    await expect(hold(new Players(with_([/^The last day/, []])))).rejects.toThrow('nobody knows')
    spoil()
    await expect(hold(new Players(usualAnswers(cards)))).rejects.toMatchObject({ code })
  })

  it.each([
    ['a note', 'note.txt'],
    ['a key, its state gone', 'for-safe/root.key'],
    ["somebody's own temporary file", '.notes.tmp'],
  ])('changes nothing in a folder that contains %s', async (_what, name) => {
    mkdirSync(at('for-safe'), { recursive: true })
    writeFileSync(at(name), 'mine')
    await expect(hold(new Players(usualAnswers(cards)))).rejects.toMatchObject({
      code: 'STATE_LOST',
      message: expect.stringContaining('name a folder that is new'),
    })
    expect(await filesBelow(at())).toEqual([name])
  })

  it('warns of a machine that should make no keys', async () => {
    writeFileSync(places.swaps, 'Filename Type Size\n/dev/sda2 partition 1000\n')
    const guide = new Players([])
    await expect(hold(guide)).rejects.toThrow('Not all of it is good')
    expect(guide.said.join('\n')).toContain('   NO  swap is on')
  })
})

/** The answers of a person who reads the screen and gives the names that are not entered yet. */
async function leftAnswers(): Promise<Answers> {
  const state = await readState(at(stateName))
  const isIn = (name: string) => state?.analysts.some((analyst) => analyst.name === name) === true
  const analysts = [
    ...(isIn('kim') || existsSync(at('cards', 'kim.card.json')) ? [] : ['kim']),
    ...(isIn('park') ? [] : [cards.park]),
    '',
  ]
  return with_([/^Name of an analyst/, analysts])
}
