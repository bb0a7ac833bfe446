import { execFileSync } from 'node:child_process'
import {
  cpSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { retire } from '../../src/keyring/edit.ts'
import type { Keyring } from '../../src/keyring/keyring.ts'
import { formatPublicKeyLine } from '../../src/keyring/minisign.ts'
import {
  indexSigners,
  readSignedIndex as readSignedIndexOnPage,
} from '../../src/page/sealing/reply-index.ts'
import { checkArrival, readSignedIndex } from '../../src/reply-store/check-arrival.ts'
import { carriedFiles, storedFiles } from '../../src/reply-store/reply-source.ts'
import { readServed } from '../../src/reply-store/served.ts'
import { readStoredIndexes } from '../../src/reply-store/stored-indexes.ts'
import { takeIn } from '../../src/reply-store/take-in.ts'
import { tidyReplies } from '../../src/reply-store/tidy.ts'
import { addDays } from '../../src/time/day.ts'
import { day, holdCeremony } from '../support/ceremony.ts'
import { makeTempDir } from '../support/temp-dir.ts'
import {
  addOtherDesk,
  type Carried,
  filesIn,
  keyIdOf,
  makeTestDrop,
  signLegacy,
  writeReplies,
} from './answering-desk.ts'

const { keyring, desk } = holdCeremony()
const { otherDesk, twoDesks } = addOtherDesk(keyring, day)

const clock = { now: () => new Date(`${day}T13:14:15Z`) }
const midnight = new Date(`${day}T00:00:00Z`)

let dir = ''
let here = ''
beforeEach(async () => {
  dir = await makeTempDir()
  here = join(dir, 'replies')
})

let sticks = 0

/** Makes a stick, checks it and takes it in. */
async function bring(key: typeof desk, carried: Carried, signers: Keyring = twoDesks) {
  const stick = join(dir, `stick-${(sticks += 1)}`)
  writeReplies(stick, key, carried)
  const parts = {
    carried: carriedFiles(stick),
    stored: storedFiles(here),
    keyring: signers,
    day,
  }
  const arrival = await checkArrival(
    parts,
    'index.json',
    await readSignedIndex(parts, 'index.json'),
  )
  if (arrival === 'unchanged') throw new Error('unchanged')
  await takeIn(arrival, { folder: here, keyring: signers, clock })
}

async function seqs(signers: Keyring = twoDesks): Promise<Array<[string, number]>> {
  const stored = await readStoredIndexes(storedFiles(here), signers, day)
  return stored.map(({ name, index }) => [name, index.seq])
}

const otherName = `index-${keyIdOf(otherDesk)}.json`
const signed = (...names: string[]): string[] =>
  names.flatMap((name) => [name, `${name}.minisig`]).sort()

describe('takeIn', () => {
  it('keeps index and drops under their names, with signatures that minisign checks', async () => {
    const drop = makeTestDrop(day)
    await bring(desk, { seq: 1, day, drops: [drop] })
    expect(readdirSync(here).sort()).toEqual(signed('index.json', `${drop.id}.tar`))
    const key = formatPublicKeyLine(desk.publicKey)
    for (const name of ['index.json', `${drop.id}.tar`])
      expect(
        execFileSync('minisign', ['-Vm', name, '-P', key], { cwd: here }).toString(),
      ).toContain('tumen replies')
  })

  it('leaves no finer time than the day on any file, nor on the folder', async () => {
    await bring(desk, { seq: 1, day, drops: [makeTestDrop(day)] })
    for (const name of ['', ...readdirSync(here)])
      expect([name, statSync(join(here, name)).mtime]).toEqual([name, midnight])
  })

  it('removes a drop when no index names it any more', async () => {
    const [old, kept, added] = [0, 1, 2].map(() => makeTestDrop(day))
    if (old === undefined || kept === undefined || added === undefined) throw new Error('drops')
    await bring(desk, { seq: 1, day, drops: [old, kept] })
    await bring(otherDesk, { seq: 1, day, drops: [old] })
    await bring(desk, { seq: 2, day, drops: [added, kept] })
    expect(readdirSync(here).sort()).toEqual(
      signed('index.json', otherName, ...[old, kept, added].map(({ id }) => `${id}.tar`)),
    )
    await bring(otherDesk, { seq: 2, day })
    expect(readdirSync(here)).not.toContain(`${old.id}.tar`)
    expect(readdirSync(here)).not.toContain(`${old.id}.tar.minisig`)
  })

  it('moves an index when a new keyring gives it another name', async () => {
    await bring(desk, { seq: 4, day })
    await bring(otherDesk, { seq: 7, day })
    const swapped = { ...twoDesks, signers: twoDesks.signers.toReversed() }
    await bring(otherDesk, { seq: 8, day }, swapped)
    expect(await seqs(swapped)).toEqual([
      ['index.json', 8],
      [`index-${keyIdOf(desk)}.json`, 4],
    ])
    await bring(desk, { seq: 5, day })
    expect(await seqs()).toEqual([
      ['index.json', 5],
      [otherName, 8],
    ])
    expect(readdirSync(here).sort()).toEqual(signed('index.json', otherName))
  })

  it.each([
    ['leave index.json', desk, `index-${keyIdOf(desk)}.json`, otherDesk],
    ['become index.json', otherDesk, 'index.json', desk],
  ])('keeps an index that has to %s when the disk fails meanwhile', async (_, old, next, key) => {
    await bring(old, { seq: 4, day })
    const swapped = { ...twoDesks, signers: twoDesks.signers.toReversed() }
    // A folder in the place of the first file that gets the new name.
    mkdirSync(join(here, `${next}.minisig.next.partial`), { recursive: true })
    await expect(bring(key, { seq: 1, day }, swapped)).rejects.toMatchObject({ code: 'EISDIR' })
    rmSync(join(here, `${next}.minisig.next.partial`), { recursive: true })
    expect((await seqs(swapped)).map(([, seq]) => seq)).toContain(4)
  })

  it('does not serve the index of a retired desk, and removes it when another one comes', async () => {
    await bring(desk, { seq: 4, day, drops: [makeTestDrop(day)] })
    const retired = retire(twoDesks, 'desk', day)
    expect(await readServed([storedFiles(here)], { keyring: retired, day })).toEqual({
      indexes: [],
      drops: [],
    })
    await bring(otherDesk, { seq: 1, day }, retired)
    expect(readdirSync(here).sort()).toEqual(signed('index.json'))
    expect(await seqs(retired)).toEqual([['index.json', 1]])
  })
})

describe('readServed', () => {
  it('leaves out an index with a legacy signature, which the page would not believe', async () => {
    const bytes = writeReplies(here, desk, { seq: 1, day, drops: [makeTestDrop(day)] })
    writeFileSync(join(here, 'index.json.minisig'), signLegacy(desk, bytes))
    const [signer] = indexSigners(twoDesks, day)
    const signature = Buffer.from(signLegacy(desk, bytes))
    expect(signer && readSignedIndexOnPage(signer, { bytes, signature })).toBeNull()
    expect(await readServed([storedFiles(here)], { keyring: twoDesks, day })).toEqual({
      indexes: [],
      drops: [],
    })
  })
})

describe('after a crash', () => {
  /** The states of a replacement, in their order: [what is in the folder, the index that counts]. */
  it.each([
    [['index.json', 'index.json.minisig', 'index.json.minisig.next'], 1],
    [['index.json', 'index.json.minisig', 'index.json.minisig.next', 'index.json.next'], 1],
    [['index.json', 'index.json.next', '+index.json.minisig'], 2],
    [['+index.json', '+index.json.minisig'], 2],
  ])('%j is index %i, before and after tidying', async (names, seq) => {
    const [before, after] = [join(dir, 'before'), join(dir, 'after')]
    const drop = makeTestDrop(day)
    writeReplies(before, desk, { seq: 1, day, drops: [drop] })
    writeReplies(after, desk, { seq: 2, day, drops: [drop] })
    mkdirSync(here)
    for (const name of names) {
      const isNew = name.startsWith('+') || name.endsWith('.next')
      const from = name.replace(/^\+/, '').replace(/\.next$/, '')
      cpSync(join(isNew ? after : before, from), join(here, name.replace(/^\+/, '')))
    }
    for (const name of [`${drop.id}.tar`, `${drop.id}.tar.minisig`])
      cpSync(join(before, name), join(here, name))
    expect(await seqs()).toEqual([['index.json', seq]])
    await tidyReplies(here, midnight)
    expect(await seqs()).toEqual([['index.json', seq]])
    expect(readdirSync(here).sort()).toEqual(signed('index.json', `${drop.id}.tar`))
  })

  it('is finished by taking in the same again', async () => {
    const drop = makeTestDrop(day)
    await bring(desk, { seq: 1, day })
    // The drop had its place, and the index was about to follow.
    writeFileSync(join(here, `${drop.id}.tar`), drop.bytes)
    writeFileSync(join(here, `${drop.id}.tar.partial`), 'cut')
    writeFileSync(join(here, 'index.json.minisig.next'), 'cut')
    await bring(desk, { seq: 2, day, drops: [drop] })
    expect(await seqs()).toEqual([['index.json', 2]])
    expect(readdirSync(here).sort()).toEqual(signed('index.json', `${drop.id}.tar`))
  })
})

describe('tidyReplies', () => {
  it('removes no drop while an index cannot be read', async () => {
    const drop = makeTestDrop(day)
    await bring(desk, { seq: 1, day, drops: [drop] })
    writeFileSync(join(here, 'index.json'), 'damaged')
    const before = filesIn(here)
    await tidyReplies(here, midnight)
    expect(filesIn(here)).toEqual(before)
  })

  it('leaves files alone that are not of the answers', async () => {
    await bring(desk, { seq: 1, day })
    writeFileSync(join(here, 'note.txt'), 'of an operator')
    await tidyReplies(here, midnight)
    expect(readdirSync(here)).toContain('note.txt')
  })
})

describe('readServed', () => {
  it('orders the drops of all desks by day, newest first, and leaves lost ones out', async () => {
    const days = [day, addDays(day, -1), addDays(day, -2), addDays(day, -3)]
    const [first, second, third, fourth] = days.map((each) => makeTestDrop(each))
    if (!first || !second || !third || !fourth) throw new Error('drops')
    await bring(desk, { seq: 1, day, drops: [first, third] })
    await bring(otherDesk, { seq: 1, day, drops: [second, fourth] })
    renameSync(join(here, `${third.id}.tar`), join(here, 'lost'))
    const { indexes, drops } = await readServed([storedFiles(here)], { keyring: twoDesks, day })
    expect(indexes.map(({ name }) => name)).toEqual(['index.json', otherName])
    expect(drops.map(({ name }) => name)).toEqual(
      [first, second, fourth].map(({ id }) => `${id}.tar`),
    )
    rmSync(here, { recursive: true })
    expect(await readServed([storedFiles(here)], { keyring: twoDesks, day })).toEqual({
      indexes: [],
      drops: [],
    })
  })
})
