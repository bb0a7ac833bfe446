import { mkdirSync, renameSync, writeFileSync } from 'node:fs'
import { basename } from 'node:path'
import { expect } from 'vitest'
import { migrateDataFolder } from '../../../src/store/data-folder.ts'
import { PREFIXES } from '../../../src/store/layout.ts'
import { makeEnvelope } from '../../workers/envelopes.ts'
import { ask, formPost, rawPost, tusCreate, tusPatch, uploadPath } from './ask.ts'
import { DiskModel } from './disk-model.ts'
import type { Call } from './parse-strace.ts'
import { intakeMain } from './place.ts'
import { envelopePath, makeVault, recordIntake, recordStep, type Way } from './record.ts'
import {
  answers,
  areSafe,
  type Claim,
  hasText,
  isGone,
  publishes,
  removes,
  writesTo,
} from './recorded.ts'

const postRaw: Way = (place) =>
  recordIntake(place, async () => {
    const { bytes, receipt } = makeEnvelope()
    expect(await ask(place.socket, rawPost(bytes))).toMatchObject({ status: 201 })
    return [
      {
        text: 'the envelope is safe before its receipt is sent',
        before: answers(201),
        holds: areSafe(envelopePath('incoming', receipt)),
      },
      {
        text: 'the time of the file is that of the day before its name is known',
        before: publishes(/\/incoming\//),
        holds: (disk) => readyTimes(disk, /\/tmp\/intake-[^/]+\/[0-9a-f-]{36}$/),
      },
    ]
  })

/** Whether the times of all matching files are durable. */
function readyTimes(disk: DiskModel, path: RegExp): boolean {
  const paths = [...disk.now().keys()].map((name) => `${disk.root}/${name}`)
  return paths.filter((name) => path.test(name)).every((name) => !disk.hasUnsyncedTime(name))
}

const postForm: Way = (place) =>
  recordIntake(place, async () => {
    const { bytes, receipt } = makeEnvelope()
    expect(await ask(place.socket, formPost(bytes))).toMatchObject({ status: 200 })
    return [
      {
        text: 'the envelope is safe before the page with its receipt is sent',
        before: answers(200),
        holds: areSafe(envelopePath('incoming', receipt)),
      },
    ]
  })

/**
 * Sends an envelope that is already in the vault, under a name that the worker has not synced yet.
 */
const postAgain: Way = async (place) => {
  const envelope = makeEnvelope()
  makeVault(place, 'sealed', envelope)
  const sealed = envelopePath('sealed', envelope.receipt)
  const use = async (): Promise<Claim[]> => {
    expect(await ask(place.socket, rawPost(envelope.bytes))).toMatchObject({ status: 201 })
    return [
      {
        text: 'the copy that the receipt relies on is safe before the other one goes',
        before: removes(place.at(envelopePath('incoming', envelope.receipt))),
        holds: areSafe(sealed),
      },
      {
        text: 'the copy that the receipt relies on is safe before the receipt is sent',
        before: answers(201),
        holds: areSafe(sealed),
      },
      {
        text: 'the second copy is gone before the receipt is sent',
        before: answers(201),
        holds: isGone(envelopePath('incoming', envelope.receipt)),
      },
    ]
  }
  return await recordIntake(place, use, [sealed])
}

/** Sends an envelope again whose name in the spool is not synced yet. */
const postRepeated: Way = async (place) => {
  const envelope = makeEnvelope()
  makeVault(place, 'incoming', envelope)
  const incoming = envelopePath('incoming', envelope.receipt)
  const use = async (): Promise<Claim[]> => {
    expect(await ask(place.socket, rawPost(envelope.bytes))).toMatchObject({ status: 201 })
    return [
      {
        text: 'the earlier copy, which the receipt relies on, is safe before the receipt is sent',
        before: answers(201),
        holds: areSafe(incoming),
      },
    ]
  }
  return await recordIntake(place, use, [incoming])
}

const upload: Way = (place) =>
  recordIntake(place, async () => {
    const { bytes, receipt } = makeEnvelope()
    const half = bytes.length >> 1
    const created = await ask(place.socket, tusCreate(bytes))
    expect(created).toMatchObject({ status: 201 })
    const path = uploadPath(created)
    const first = await ask(place.socket, tusPatch(path, 0, bytes.subarray(0, half)))
    expect(first).toMatchObject({ status: 204 })
    const second = await ask(place.socket, tusPatch(path, half, bytes.subarray(half)))
    expect(second).toMatchObject({ status: 204, headers: { 'tumen-receipt': receipt } })
    const record = `var/uploads/${basename(path)}.upload`
    const part = `var/uploads/${basename(path)}.part`
    return [
      {
        text: 'an upload is safe before its address is sent',
        before: answers(201),
        holds: areSafe(record),
      },
      {
        text: 'the bytes of a request, and their number, are safe before the request is answered',
        before: (call) => answers(204)(call) && !isLast(call.args[1] ?? ''),
        holds: (disk) => areSafe(part, record)(disk) && durableBytes(disk, record) === half,
      },
      {
        text: 'the number of safe bytes is never ahead of the bytes',
        before: writesTo(/\.upload$/),
        holds: (disk) =>
          (disk.afterPowerCut().get(part)?.length ?? 0) >= durableBytes(disk, record),
      },
      {
        text: 'the record says that all bytes are safe before they are also those of the envelope',
        before: publishes(/\/incoming\//),
        holds: (disk) => areSafe(record)(disk) && durableBytes(disk, record) === bytes.length,
      },
      {
        text: 'the envelope is in the spool before the upload holds its receipt',
        before: (call) => writesTo(/\.upload$/)(call) && hasText(call.args[1] ?? '', receipt),
        holds: areSafe(envelopePath('incoming', receipt)),
      },
      {
        text: 'the record of the receipt is safe before the bytes lose their first name',
        before: removes(place.at(part)),
        holds: (disk) =>
          areSafe(record, envelopePath('incoming', receipt))(disk) &&
          String(disk.afterPowerCut().get(record)).includes(receipt),
      },
      {
        text: 'the envelope is safe before its receipt is sent',
        before: (call) => answers(204)(call) && isLast(call.args[1] ?? ''),
        holds: areSafe(envelopePath('incoming', receipt), record),
      },
    ]
  })

const isLast = (iovec: string): boolean => hasText(iovec, 'Tumen-Receipt')

function durableBytes(disk: DiskModel, record: string): number {
  const bytes = disk.now().get(record)
  if (bytes == null || bytes.length === 0) return 0
  return (JSON.parse(bytes.toString('latin1')) as { durableBytes: number }).durableBytes
}

/** Removes an upload because its sender has cancelled it. */
const endUpload: Way = (place) =>
  recordIntake(place, async () => {
    const created = await ask(place.socket, tusCreate(makeEnvelope().bytes))
    const path = uploadPath(created)
    const headers = { 'tus-resumable': '1.0.0' }
    expect(await ask(place.socket, { method: 'DELETE', path, headers })).toMatchObject({
      status: 204,
    })
    return [
      {
        text: 'an upload is gone for good before its end is confirmed',
        before: answers(204),
        holds: isGone(`var/uploads/${basename(path)}.upload`),
      },
    ]
  })

/**
 * Starts after a power cut with an upload whose record states fewer durable bytes than its file
 * has.
 */
const recoverUpload: Way = async (place) => {
  const id = '0'.repeat(32)
  mkdirSync(place.at('var/uploads'), { recursive: true, mode: 0o700 })
  const record = { bytes: 300, durableBytes: 100, isOldKeyring: false, receipt: null }
  writeFileSync(place.at(`var/uploads/${id}.upload`), `${JSON.stringify(record).padEnd(511)}\n`)
  writeFileSync(place.at(`var/uploads/${id}.part`), Buffer.alloc(250, 1))
  writeFileSync(place.at('var/uploads/boot'), 'an earlier run of the machine')
  // An empty record: the upload's creation was never confirmed to its sender.
  writeFileSync(place.at(`var/uploads/${'1'.repeat(32)}.upload`), '')
  return await recordIntake(place, async () => [
    {
      text: 'bytes that may be zeros are cut off for good before this run of the machine is noted',
      before: writesTo(/\/uploads\/boot$/),
      holds: (disk) => disk.afterPowerCut().get(`var/uploads/${id}.part`)?.length === 100,
    },
    {
      text: 'what is nobody’s is gone for good before this run of the machine is noted',
      before: writesTo(/\/uploads\/boot$/),
      holds: isGone(`var/uploads/${'1'.repeat(32)}.upload`),
    },
    {
      text: 'this run of the machine is noted for good',
      before: 'end',
      holds: areSafe('var/uploads/boot'),
    },
  ])
}

/** The very first start: the data folder and the folders above it do not exist yet. */
const firstStart: Way = async (place) => {
  renameSync(place.at('var'), place.at('aside'))
  const { bytes, receipt } = makeEnvelope()
  const dataDir = 'deep/in/var'
  const disk = new DiskModel(place.dir)
  const intake = place.run(intakeMain, { env: { TUMEN_DATA_DIR: place.at(dataDir) } })
  try {
    await intake.untilReady()
    expect(await ask(place.socket, rawPost(bytes))).toMatchObject({ status: 201 })
    const created = await ask(place.socket, tusCreate(bytes))
    await intake.stop()
    return {
      calls: intake.calls(),
      disk,
      claims: [
        {
          text: 'each folder above the first envelope is safe before its receipt is sent',
          before: answers(201),
          holds: areSafe(`${dataDir}/incoming/${receipt}.age`),
        },
        {
          text: 'each folder above the first upload is safe',
          before: 'end',
          holds: areSafe(`${dataDir}/uploads/${basename(uploadPath(created))}.upload`),
        },
      ],
    }
  } finally {
    await intake.stop('SIGKILL')
  }
}

/** An earlier start was killed when it had made its folders, before the name of the spool was safe. */
const prepareFolder: Way = async (place) => {
  for (const name of ['tmp', ...PREFIXES])
    mkdirSync(place.at('var', name), { recursive: true, mode: 0o700 })
  // The folder is up to date, so that no new file gives a reason to sync it.
  await migrateDataFolder(place.at('var'), new Date(0))
  return await recordStep(
    place,
    'openStagingFolder',
    [{ text: 'the spool is safe', before: 'end', holds: areSafe('var/incoming') }],
    { unsyncedNames: ['var/incoming'] },
  )
}

/**
 * Starts after an earlier start was killed when it had made the folders but not yet synced their
 * names.
 */
const startAfterKill: Way = async (place) => {
  for (const name of ['incoming', 'uploads']) mkdirSync(place.at('var', name), { mode: 0o700 })
  const { bytes, receipt } = makeEnvelope()
  const use = async (): Promise<Claim[]> => {
    expect(await ask(place.socket, rawPost(bytes))).toMatchObject({ status: 201 })
    const path = uploadPath(await ask(place.socket, tusCreate(bytes)))
    return [
      {
        text: 'this run of the machine is noted before the intake is ready',
        before: isReady,
        holds: areSafe('var/uploads/boot'),
      },
      {
        text: 'each folder above the envelope is safe before its receipt is sent',
        before: answers(201),
        holds: areSafe(envelopePath('incoming', receipt)),
      },
      {
        text: 'each folder above the upload is safe',
        before: 'end',
        holds: areSafe(`var/uploads/${basename(path)}.upload`),
      },
    ]
  }
  return await recordIntake(place, use, ['var', 'var/incoming', 'var/uploads'])
}

/** Matches the call with which the process tells its parent that it is ready. */
const isReady = ({ name, args: [, what = ''] }: Call): boolean =>
  name.startsWith('write') && hasText(what, '"ready":true')

/** What the intake writes, from its first start to a receipt. */
export const intakeWays = {
  postRaw,
  postForm,
  postAgain,
  postRepeated,
  upload,
  endUpload,
  recoverUpload,
  firstStart,
  prepareFolder,
  startAfterKill,
} satisfies Record<string, Way>
