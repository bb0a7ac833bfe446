import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { parseKeyring } from '../../src/keyring/keyring.ts'
import { generateSigningKey, parseSecretKey, type SigningKey } from '../../src/keyring/minisign.ts'
import { steppedGroups } from '../../src/ops/dashboard/figure-groups.ts'
import { figureSamples } from '../../src/ops/figure-metrics.ts'
import { type RepliesState, readRepliesState } from '../../src/ops/replies-state.ts'
import { digestOf } from '../../src/reply-store/stored-indexes.ts'
import { addDays } from '../../src/time/day.ts'
import { writeReplies } from '../reply-store/answering-desk.ts'
import { makeMachine, type Machine } from '../support/machine.ts'
import { quiet } from './quiet.ts'

const day = '2026-11-23'
let machine: Machine
let desk: SigningKey
beforeEach(async () => {
  machine = await makeMachine(day)
  desk = parseSecretKey(readFileSync(machine.deskKeyPath, 'utf8'))
})

function keyring(): { sha256: string; issued: string } {
  const bytes = readFileSync(machine.at('keys', 'keyring.json'))
  return { sha256: digestOf(bytes), issued: parseKeyring(bytes).issued }
}

const look = (today: string = day): Promise<RepliesState | null> =>
  readRepliesState({
    dataDir: machine.at('var'),
    keysDir: machine.at('keys'),
    clock: { now: () => new Date(`${today}T12:00:00Z`) },
  })

const write = (named: { sha256: string; issued: string; older?: string[] }, key = desk): void => {
  rmSync(machine.at('var', 'replies'), { recursive: true, force: true })
  mkdirSync(machine.at('var', 'replies'))
  writeReplies(machine.at('var', 'replies'), key, { seq: 1, day, keyring: named })
}

describe('readRepliesState', () => {
  it('knows no age without an index, or with one of another signer', async () => {
    expect(await look()).toEqual({ indexAgeDays: null, keys: 'unknown' })
    write(keyring(), generateSigningKey())
    expect(await look()).toEqual({ indexAgeDays: null, keys: 'unknown' })
  })

  it.each([
    [0, 'confirmed'],
    [19, 'confirmed'],
    [20, 'confirmed'],
    [30, 'confirmed'],
    [31, 'unknown'],
  ])('after %i days the keys are %s', async (indexAgeDays, keys) => {
    write(keyring())
    expect(await look(addDays(day, indexAgeDays))).toEqual({ indexAgeDays, keys })
  })

  it.each<[string, () => { sha256: string; issued: string; older?: string[] }]>([
    [
      'not_confirmed_yet',
      () => ({ sha256: 'a'.repeat(64), issued: addDays(keyring().issued, -1) }),
    ],
    ['replayed', () => ({ sha256: 'a'.repeat(64), issued: addDays(keyring().issued, 1) })],
    ['replayed', () => ({ ...keyring(), sha256: 'a'.repeat(64), older: [keyring().sha256] })],
  ])('says %s if the index names another keyring', async (keys, named) => {
    write(named())
    expect(await look()).toMatchObject({ keys })
  })

  it('is null without a keyring, which is a problem of its own', async () => {
    rmSync(join(machine.at('keys'), 'keyring.json'))
    expect(await look()).toBeNull()
  })
})

describe('the age of the index', () => {
  const shown = (replies: RepliesState | null) => {
    const figures = { ...quiet, replies }
    const row = steppedGroups(figures)
      .flatMap(({ rows }) => rows)
      .find(({ label }) => label === "The desk's index of answers")
    const ages = figureSamples(figures)
      .filter(({ name }) => name === 'tumen_replies_index_age_seconds')
      .map((sample) => JSON.stringify(sample))
    return { row, ages: ages.join() }
  }

  it('is on the dashboard in days, and a metric in seconds', () => {
    const { row, ages } = shown({ indexAgeDays: 3, keys: 'confirmed' })
    expect(row).toMatchObject({ value: 3, unit: 'days old' })
    expect(ages).toContain(String(3 * 86_400))
  })

  it('is said to be missing where there is none', () => {
    expect(shown({ indexAgeDays: null, keys: 'unknown' }).row?.value).toMatch(/^none yet/)
  })
})
