import { rmSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { retire } from '../../src/keyring/edit.ts'
import type { Keyring } from '../../src/keyring/keyring.ts'
import { checkArrival, readSignedIndex } from '../../src/reply-store/check-arrival.ts'
import {
  carriedFiles,
  type ReadReplyFile,
  storedFiles,
} from '../../src/reply-store/reply-source.ts'
import { readServed } from '../../src/reply-store/served.ts'
import { createReplySharing } from '../../src/reply-store/share.ts'
import { pairNameOf, sharedFiles } from '../../src/reply-store/shared-files.ts'
import { takeIn } from '../../src/reply-store/take-in.ts'
import { unneededMs } from '../../src/reply-store/tidy-shared.ts'
import type { SharedFolder } from '../../src/store/s3-folder.ts'
import { addDays } from '../../src/time/day.ts'
import { day, holdCeremony } from '../support/ceremony.ts'
import { makeTempDir } from '../support/temp-dir.ts'
import {
  addOtherDesk,
  type Carried,
  keyIdOf,
  makeTestDrop,
  writeReplies,
} from './answering-desk.ts'

const { keyring, desk } = holdCeremony()
const { otherDesk, twoDesks } = addOtherDesk(keyring, day)

class Stopped extends Error {}

/** One machine: a folder of answers of its own, and the sharing of its worker. */
async function openMachine(shared: SharedFolder, { isMine = false } = {}) {
  const dir = await makeTempDir()
  const folder = join(dir, 'replies')
  await mkdir(folder)
  const state = { keyring: twoDesks as Keyring, day, nowMs: 0, writesLeft: Infinity, lists: 0 }
  const clock = { now: () => new Date(`${state.day}T13:14:15Z`) }
  const share = createReplySharing({
    shared: {
      ...shared,
      async list() {
        state.lists += 1
        return await shared.list()
      },
      async write(...options) {
        if (state.writesLeft <= 0) throw new Stopped('the machine ended here')
        state.writesLeft -= 1
        return await shared.write(...options)
      },
    },
    folder,
    keyring: async () => state.keyring,
    clock,
    monotonicMs: () => state.nowMs,
    isMine: () => isMine,
  })
  const here = storedFiles(folder)
  return {
    folder,
    state,
    share,
    here,
    /** A stick is taken in on this machine. */
    async bring(key: typeof desk, carried: Carried): Promise<void> {
      const stick = join(dir, `stick-${carried.seq}-${keyIdOf(key)}`)
      writeReplies(stick, key, carried)
      const parts = { carried: carriedFiles(stick), stored: here, keyring: state.keyring, day }
      const signed = await readSignedIndex(parts, 'index.json')
      const arrival = await checkArrival(parts, 'index.json', signed)
      if (arrival !== 'unchanged') await takeIn(arrival, { folder, keyring: state.keyring, clock })
    },
    /** What the intake of this machine serves, as [names of indexes with numbers, drops]. */
    serves: (sources: readonly ReadReplyFile[] = [here]) => servedBy(sources, state.keyring),
  }
}

async function servedBy(
  sources: readonly ReadReplyFile[],
  signers: Keyring,
): Promise<{ seqs: number[]; drops: string[] }> {
  const { indexes, drops } = await readServed(sources, { keyring: signers, day })
  return {
    seqs: indexes.map(({ bytes }) => (JSON.parse(Buffer.from(bytes).toString()) as Carried).seq),
    drops: drops.map(({ name }) => name.slice(0, -'.tar'.length)).sort(),
  }
}

const ids = (...drops: { id: string }[]): string[] => drops.map(({ id }) => id).sort()
const objectOf = ({ id }: { id: string }): string => pairNameOf(`${id}.tar`)
const indexObject = (key: typeof desk): string => pairNameOf(`index-${keyIdOf(key)}.json`)

/** Tests every promise about answers that several machines share. Call it inside a `describe`. */
export function describeSharing(openFolder: () => Promise<SharedFolder>): void {
  it('brings what one machine took in to every other, index and drops', async () => {
    const shared = await openFolder()
    const [one, two] = [await openMachine(shared), await openMachine(shared)]
    const drop = makeTestDrop(day)
    await one.bring(desk, { seq: 1, day, drops: [drop] })
    await one.share()
    expect(await two.serves([two.here, sharedFiles(shared)])).toEqual({
      seqs: [1],
      drops: ids(drop),
    })
    await two.share()
    expect(await two.serves()).toEqual({ seqs: [1], drops: ids(drop) })
  })

  it('asks the store once when nothing is new, and writes nothing', async () => {
    const shared = await openFolder()
    const machine = await openMachine(shared)
    await machine.bring(desk, { seq: 1, day, drops: [makeTestDrop(day)] })
    for (let round = 0; round < 2; round += 1) await machine.share()
    machine.state.lists = 0
    machine.state.writesLeft = 0
    await machine.share()
    expect(machine.state.lists).toBe(1)
  })

  it('takes answers in from any machine, and the highest number wins everywhere', async () => {
    const shared = await openFolder()
    const machines = [await openMachine(shared), await openMachine(shared)]
    const [one, two] = machines
    const [first, second, foreign] = [1, 2, 3].map(() => makeTestDrop(day))
    await one!.bring(desk, { seq: 1, day, drops: [first!] })
    await one!.share()
    await two!.share()
    await two!.bring(desk, { seq: 2, day, drops: [second!, first!] })
    await one!.bring(otherDesk, { seq: 7, day, drops: [foreign!] })
    for (const machine of [...machines, ...machines]) await machine.share()
    for (const machine of machines)
      expect(await machine.serves()).toEqual({
        seqs: [2, 7],
        drops: ids(first!, second!, foreign!),
      })
  })

  it('writes an older index over a newer one in no order of rounds', async () => {
    const shared = await openFolder()
    const [one, two] = [await openMachine(shared), await openMachine(shared)]
    await one.bring(desk, { seq: 5, day })
    await two.bring(desk, { seq: 4, day })
    await Promise.allSettled([one.share(), two.share()])
    for (const machine of [one, two, one, two]) await machine.share()
    expect((await two.serves()).seqs).toEqual([5])
    expect((await one.serves()).seqs).toEqual([5])
  })

  it('shows the old answers or the new ones wherever the machine ends while it writes', async () => {
    const shared = await openFolder()
    const one = await openMachine(shared)
    const old = makeTestDrop(day)
    await one.bring(desk, { seq: 1, day, drops: [old] })
    await one.share()
    const added = [1, 2, 3].map(() => makeTestDrop(day))
    await one.bring(desk, { seq: 2, day, drops: added })
    for (let ends = 0; ends < 4; ends += 1) {
      const fresh = await openMachine(shared)
      await fresh.share()
      expect(await fresh.serves()).toEqual({ seqs: [1], drops: ids(old) })
      expect(await fresh.serves([sharedFiles(shared)])).toEqual({ seqs: [1], drops: ids(old) })
      one.state.writesLeft = 1
      await one.share().catch((error: unknown) => expect(error).toBeInstanceOf(Stopped))
    }
    one.state.writesLeft = Infinity
    await one.share()
    expect(await servedBy([sharedFiles(shared)], twoDesks)).toEqual({
      seqs: [2],
      drops: ids(...added),
    })
  })

  it('removes a drop only when no index names it, and only after an hour', async () => {
    const shared = await openFolder()
    const chief = await openMachine(shared, { isMine: true })
    const [both, gone, kept] = [1, 2, 3].map(() => makeTestDrop(day))
    await chief.bring(desk, { seq: 1, day, drops: [both!, gone!] })
    await chief.bring(otherDesk, { seq: 1, day, drops: [both!, kept!] })
    await chief.share()
    await chief.bring(desk, { seq: 2, day })
    await chief.share()
    chief.state.nowMs += unneededMs - 1
    await chief.share()
    expect((await shared.list()).has(objectOf(gone!))).toBe(true)
    chief.state.nowMs += 1
    await chief.share()
    const held = await shared.list()
    expect([gone!, both!, kept!].map((drop) => held.has(objectOf(drop)))).toEqual([
      false,
      true,
      true,
    ])
  })

  it('removes no drop that only an index of another machine names', async () => {
    const shared = await openFolder()
    const chief = await openMachine(shared, { isMine: true })
    const other = await openMachine(shared)
    const drop = makeTestDrop(day)
    await other.bring(otherDesk, { seq: 1, day, drops: [drop] })
    await other.share()
    // The keyring of the chief does not know that desk yet.
    chief.state.keyring = keyring
    await chief.share()
    chief.state.nowMs += 2 * unneededMs
    await chief.share()
    expect((await shared.list()).has(objectOf(drop))).toBe(true)
  })

  it('removes nothing while a shared index cannot be read', async () => {
    const shared = await openFolder()
    const chief = await openMachine(shared, { isMine: true })
    const drop = makeTestDrop(day)
    await shared.write(objectOf(drop), Buffer.from('unnamed'))
    await shared.write(pairNameOf(`index-${'A'.repeat(16)}.json`), Buffer.from('damaged'))
    await chief.share()
    chief.state.nowMs += 2 * unneededMs
    await chief.share()
    expect((await shared.list()).has(objectOf(drop))).toBe(true)
  })

  it('removes the index of a desk that was retired, and then its drops', async () => {
    const shared = await openFolder()
    const chief = await openMachine(shared, { isMine: true })
    const drop = makeTestDrop(day)
    await chief.bring(otherDesk, { seq: 1, day, drops: [drop] })
    await chief.share()
    chief.state.keyring = retire(twoDesks, 'other desk', day)
    await chief.bring(desk, { seq: 1, day })
    for (let round = 0; round < 4; round += 1) {
      await chief.share()
      chief.state.nowMs += unneededMs
    }
    expect([...(await shared.list()).keys()]).toEqual([indexObject(desk)])
  })

  it('does not believe the store: no foreign signature, no older index, no other drop', async () => {
    const shared = await openFolder()
    const [one, two] = [await openMachine(shared), await openMachine(shared)]
    const drop = makeTestDrop(day)
    await one.bring(desk, { seq: 1, day })
    await one.share()
    const old = await shared.read(indexObject(desk), 1_000_000)
    await one.bring(desk, { seq: 2, day, drops: [drop] })
    await one.share()
    await shared.write(objectOf(drop), (await shared.read(indexObject(desk), 1_000_000))!)
    await expect(two.share()).rejects.toMatchObject({ code: 'DROP_MISSING' })
    expect((await two.serves([two.here, sharedFiles(shared)])).drops).toEqual([])
    // If the older index is written back, machines with the newer one ignore it, and replace it in
    // their next round.
    await shared.write(indexObject(desk), old!)
    expect((await one.serves([one.here, sharedFiles(shared)])).seqs).toEqual([2])
    await one.share()
    expect((await servedBy([sharedFiles(shared)], twoDesks)).seqs).toEqual([2])
    const forged = await openMachine(shared)
    await forged.bring(otherDesk, { seq: 9, day })
    const stolen = await forged.here(`index-${keyIdOf(otherDesk)}.json`, 100_000)
    await shared.write(indexObject(desk), stolen!)
    await one.share()
    expect((await servedBy([sharedFiles(shared)], twoDesks)).seqs).toEqual([2])
  })

  it('replaces damaged drops in the night, and every time of an object, after a failure as well', async () => {
    const shared = await openFolder()
    const chief = await openMachine(shared, { isMine: true })
    const drop = makeTestDrop(day)
    await chief.bring(desk, { seq: 1, day, drops: [drop] })
    await chief.share()
    await shared.write(objectOf(drop), Buffer.from('damaged'))
    await chief.share()
    expect((await servedBy([sharedFiles(shared)], twoDesks)).drops).toEqual([])
    chief.state.day = addDays(day, 1)
    chief.state.writesLeft = 0
    await expect(chief.share()).rejects.toThrow(Stopped)
    chief.state.writesLeft = Infinity
    await chief.share()
    expect((await servedBy([sharedFiles(shared)], twoDesks)).drops).toEqual(ids(drop))
  })

  it('brings the answers back to a machine that lost its folder', async () => {
    const shared = await openFolder()
    const one = await openMachine(shared)
    const drop = makeTestDrop(day)
    await one.bring(desk, { seq: 3, day, drops: [drop] })
    await one.share()
    rmSync(one.folder, { recursive: true })
    await one.share()
    expect(await one.serves()).toEqual({ seqs: [3], drops: ids(drop) })
  })
}
