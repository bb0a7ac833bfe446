import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { basename } from 'node:path'
import { expect } from 'vitest'
import { formatAcknowledgement, signAcknowledgement } from '../../../src/carry/acknowledgement.ts'
import { maxFlatEnvelopes } from '../../../src/carry/sums.ts'
import { parseSecretKey } from '../../../src/keyring/minisign.ts'
import { openLedger } from '../../../src/ledger/writer.ts'
import { migrateDataFolder } from '../../../src/store/data-folder.ts'
import { PREFIXES } from '../../../src/store/layout.ts'
import { systemClock } from '../../../src/time/clock.ts'
import { dayOfInstant } from '../../../src/time/day.ts'
import { primitives } from '../../support/ceremony.ts'
import { fileOf, plainTip, sealWhole, sha256 } from '../../support/sealed.ts'
import { makeEnvelope } from '../../workers/envelopes.ts'
import { answerWays } from './answer-ways.ts'
import { ask, formPost, rawPost, tusCreate, tusPatch, uploadPath } from './ask.ts'
import { DiskModel } from './disk-model.ts'
import { type Call, pathIn } from './parse-strace.ts'
import { intakeMain, type Place, tumen } from './place.ts'
import {
  envelopePath,
  exportTo,
  makeTip,
  makeVault,
  openTo,
  prepare,
  recordCommand,
  recordIntake,
  recordStep,
  recordWorker,
  type Way,
} from './record.ts'
import {
  allSafe,
  answers,
  areSafe,
  type Claim,
  isFilled,
  isGone,
  prints,
  publishes,
  removes,
  removesFolder,
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
const hasText = (iovec: string, text: string): boolean =>
  iovec.includes(Buffer.from(text).toString('hex').replace(/../g, '\\x$&'))

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

const ledgerPath = /\/var\/ledger/

/** The text of all files of the ledger. */
function ledgerText(place: Place): string {
  const names = readdirSync(place.at('var'), { recursive: true, encoding: 'utf8' })
  return names
    .filter((name) => name.startsWith('ledger') && name.includes('.jsonl'))
    .map((name) => readFileSync(place.at('var', name), 'latin1'))
    .join('')
}

const hasLine = (text: string, event: string, receipt: string): boolean =>
  text.split('\n').some((line) => line.includes(event) && line.includes(receipt))

const safeLedger = (event: string, receipt: string) => (disk: DiskModel) =>
  [...disk.afterPowerCut()].some(
    ([path, bytes]) => path.startsWith('var/ledger') && hasLine(String(bytes), event, receipt),
  )

const storeTip: Way = async (place) => {
  const envelope = makeEnvelope()
  const { receipt } = envelope
  makeVault(place, 'incoming', envelope)
  utimesSync(place.at(envelopePath('incoming', receipt)), 1_700_000_000, 1_700_000_000)
  // This folder exists, so that only the ledger has a reason to sync the data folder.
  mkdirSync(place.at('var/acknowledgements/refused'), { recursive: true, mode: 0o700 })
  // The same for the folders of the store. One of them is not synced yet.
  for (const name of ['tmp', 'sealed', 'collected', 'quarantine'])
    mkdirSync(place.at('var', name), { recursive: true, mode: 0o700 })
  const isDone = (): boolean => hasLine(ledgerText(place), 'stored', receipt)
  const claims: Claim[] = [
    {
      text: 'the folders of the vault are safe before there is a ledger',
      before: ({ name, args: [, path = '', flags = ''] }) =>
        name === 'openat' && flags.includes('O_CREAT') && ledgerPath.test(pathIn(path)),
      holds: areSafe('var/sealed'),
    },
    {
      text: 'the envelope is in the vault before it leaves the spool',
      before: removes(place.at(envelopePath('incoming', receipt))),
      holds: (disk) =>
        areSafe(envelopePath('sealed', receipt))(disk) &&
        disk.hasSafeTime(place.at(envelopePath('sealed', receipt))),
    },
    {
      text: 'the envelope is in the vault, and no longer in the spool, before the ledger says so',
      before: (call) => writesTo(ledgerPath)(call) && hasText(call.args[1] ?? '', receipt),
      holds: (disk) =>
        areSafe(envelopePath('sealed', receipt))(disk) &&
        isGone(envelopePath('incoming', receipt))(disk),
    },
    { text: 'the line is safe', before: 'end', holds: safeLedger('stored', receipt) },
  ]
  return await recordWorker(place, isDone, claims, ['var/sealed'])
}

const lineNames = ['a', 'b', 'c'].map((digit) => digit.repeat(64))

/** Each line is safe before the next one is written, as its writer is told then. */
const linesAreSafe: readonly Claim[] = [
  ...lineNames.slice(1).map((receipt, index) => ({
    text: `line ${index + 1} is safe before the next one is written`,
    before: (call: Call) => writesTo(ledgerPath)(call) && hasText(call.args[1] ?? '', receipt),
    holds: safeLedger('stored', lineNames[index] ?? ''),
  })),
  { text: 'the last line is safe', before: 'end', holds: safeLedger('stored', lineNames[2] ?? '') },
]

/** The steps in which a segment is closed: its lines, its checkpoint, the file that follows it. */
function segmentIsClosed(segment: number): Claim[] {
  const name = `ledger/${String(segment).padStart(6, '0')}`
  return [
    {
      text: `the lines of segment ${segment} are safe before its checkpoint makes it valid`,
      before: publishes(new RegExp(`/${name}\\.json$`)),
      holds: areSafe(`var/${name}.jsonl`),
    },
    {
      text: `the checkpoint of segment ${segment} is safe before its lines leave ledger.jsonl`,
      before: publishes(/\/ledger\.jsonl$/),
      holds: areSafe(`var/${name}.json`),
    },
  ]
}

/** Starts a ledger, and closes its first segment after two lines. */
const fillSegment: Way = async (place) => {
  // This folder exists, so that only the name of the new file is a reason to sync the data folder.
  mkdirSync(place.at('var/ledger'), { recursive: true, mode: 0o700 })
  return await recordStep(place, 'appendLines', [
    ...linesAreSafe,
    ...segmentIsClosed(1),
    ...lineNames.map((receipt, index) => ({
      text: `line ${index + 1} is safe before the note of the end says that it is there`,
      before: notesEnd(index + 1),
      holds: safeLedger('stored', receipt),
    })),
  ])
}

/** Matches the call that notes how many lines the ledger has. */
const notesEnd =
  (lines: number) =>
  (call: Call): boolean =>
    writesTo(/\/ledger\/end$/)(call) && hasText(call.args[1] ?? '', `"lines":${lines},`)

/** The last of two lines is missing when the ledger is opened, as if somebody had cut it off. */
const loseLine: Way = async (place) => {
  const path = place.at('var/ledger.jsonl')
  const ledger = await openLedger({ path, clock: systemClock })
  for (const digit of ['1', '2']) await ledger.append('stored', digit.repeat(64), 1)
  await ledger.close()
  writeFileSync(path, `${readFileSync(path, 'utf8').split('\n')[0]}\n`)
  return await recordStep(place, 'appendLines', [
    {
      text: 'the loss is noted for good before the note that shows it is written over',
      before: notesEnd(1),
      holds: areSafe('var/ledger/lost.json'),
    },
  ])
}

/** A ledger of an earlier version, which is split into segments before lines are added. */
const splitLedger: Way = async (place) => {
  const ledger = await openLedger({ path: place.at('var/ledger.jsonl'), clock: systemClock })
  for (const digit of ['1', '2', '3', '4', '5']) await ledger.append('stored', digit.repeat(64), 1)
  await ledger.close()
  return await recordStep(place, 'appendLines', [
    ...linesAreSafe,
    ...segmentIsClosed(1),
    ...segmentIsClosed(2),
    {
      text: 'the earlier lines are safe',
      before: 'end',
      holds: (disk) =>
        safeLedger('stored', '1'.repeat(64))(disk) && safeLedger('stored', '5'.repeat(64))(disk),
    },
  ])
}

const parkTip: Way = async (place) => {
  const bytes = Buffer.from('this is no age file')
  const receipt = sha256(bytes)
  makeVault(place, 'incoming', { bytes, receipt })
  return await recordWorker(place, () => hasLine(ledgerText(place), 'quarantined', receipt), [
    {
      text: 'the reason is safe before the dead letter is beside it',
      before: publishes(/\/quarantine\/[0-9a-f]{64}\.age$/),
      holds: areSafe(`var/quarantine/${receipt}.reason`),
    },
    { text: 'the line is safe', before: 'end', holds: safeLedger('quarantined', receipt) },
  ])
}

const collectTip: Way = async (place) => {
  const envelope = makeEnvelope()
  const { receipt } = envelope
  makeVault(place, 'sealed', envelope)
  const acknowledgement = { day: dayOfInstant(new Date()), receipts: [receipt] }
  const bytes = formatAcknowledgement(acknowledgement)
  const key = parseSecretKey(readFileSync(place.deskKeyPath, 'utf8'))
  mkdirSync(place.at('var/acknowledgements'), { mode: 0o700 })
  const inbox = place.at('var/acknowledgements', `${sha256(bytes)}.json`)
  writeFileSync(inbox, bytes)
  writeFileSync(`${inbox}.minisig`, signAcknowledgement(bytes, key, acknowledgement))
  const collected = envelopePath('collected', receipt)
  utimesSync(place.at(envelopePath('sealed', receipt)), 1_700_000_000, 1_700_000_000)
  return await recordWorker(place, () => !existsSync(`${inbox}.done`) && !existsSync(inbox), [
    {
      text: 'the day from which its retention counts is safe before the envelope leaves the vault',
      before: removes(place.at(envelopePath('sealed', receipt))),
      holds: (disk) => disk.hasSafeTime(place.at(collected)),
    },
    {
      text: 'the envelope is collected, and no longer in the vault, before the ledger says so',
      before: (call) => writesTo(ledgerPath)(call) && hasText(call.args[1] ?? '', '"collected"'),
      holds: (disk) => areSafe(collected)(disk) && isGone(envelopePath('sealed', receipt))(disk),
    },
    {
      text: 'all that was acknowledged is collected before the acknowledgement goes',
      before: publishes(/\/acknowledgements\/[0-9a-f]{64}\.json\.done$/),
      holds: safeLedger('collected', receipt),
    },
    {
      text: 'no acknowledgement is left that waits for a signature for ever',
      before: removes(`${inbox}.minisig`),
      holds: (disk) => !disk.now().has(`var/acknowledgements/${basename(inbox)}`),
    },
    {
      text: 'no signature is left that nobody removes',
      before: removes(`${inbox}.done`),
      holds: (disk) => !disk.now().has(`var/acknowledgements/${basename(inbox)}.minisig`),
    },
  ])
}

const deleteTip: Way = async (place) => {
  const envelope = makeEnvelope()
  const { receipt } = envelope
  makeVault(place, 'collected', envelope)
  // The worker deletes expired tips only after its clock has run for an hour, but obeys a request
  // to delete at once.
  mkdirSync(place.at('var/discards'), { mode: 0o700 })
  writeFileSync(place.at('var/discards/collected'), '')
  const path = envelopePath('collected', receipt)
  const isDone = (): boolean =>
    !existsSync(place.at('var/discards/collected')) && !existsSync(place.at(path))
  return await recordWorker(place, isDone, [
    {
      text: 'the ledger says that an envelope is deleted before it is',
      before: removes(place.at(path)),
      holds: safeLedger('deleted', receipt),
    },
    {
      text: 'all is deleted for good before the request is',
      before: removes(place.at('var/discards/collected')),
      holds: isGone(path),
    },
    { text: 'the envelope is gone for good', before: 'end', holds: isGone(path) },
  ])
}

const discardTip: Way = async (place) => {
  const bytes = Buffer.from('this is no age file')
  const receipt = sha256(bytes)
  makeVault(place, 'quarantine', { bytes, receipt })
  writeFileSync(place.at(`var/quarantine/${receipt}.reason`), 'NOT_AGE\n')
  mkdirSync(place.at('var/discards'), { mode: 0o700 })
  const request = `var/discards/${receipt}`
  writeFileSync(place.at(request), '')
  const letter = envelopePath('quarantine', receipt)
  return await recordWorker(place, () => !existsSync(place.at(request)), [
    {
      text: 'the ledger says that a dead letter is discarded before it is',
      before: removes(place.at(letter)),
      holds: safeLedger('discarded', receipt),
    },
    {
      text: 'a dead letter and its reason are gone for good before the request is',
      before: removes(place.at(request)),
      holds: (disk) => isGone(letter)(disk) && isGone(`var/quarantine/${receipt}.reason`)(disk),
    },
    { text: 'the request is gone for good', before: 'end', holds: isGone(request) },
  ])
}

/** The worker is not running, so the command only writes a request for it. */
const askToDiscard: Way = async (place) => {
  const receipt = sha256(Buffer.from('this is no age file'))
  makeVault(place, 'sealed', makeEnvelope())
  makeVault(place, 'quarantine', { bytes: Buffer.from('this is no age file'), receipt })
  const args = ['queue', 'discard', receipt.slice(0, 12), '--yes']
  return await recordCommand(place, args, [
    {
      text: 'the request is safe before the command says so',
      before: prints('removed for good'),
      holds: areSafe(`var/discards/${receipt}`),
    },
  ])
}

const retryLetter: Way = async (place) => {
  const bytes = Buffer.from('this is no age file')
  const receipt = sha256(bytes)
  makeVault(place, 'sealed', makeEnvelope())
  makeVault(place, 'incoming', makeEnvelope())
  makeVault(place, 'quarantine', { bytes, receipt })
  const reason = `var/quarantine/${receipt}.reason`
  writeFileSync(place.at(reason), 'NOT_AGE\n')
  return await recordCommand(
    place,
    ['queue', 'retry', receipt.slice(0, 12)],
    [
      {
        text: 'the old reason is gone before the worker can find the letter and give it a new one',
        before: publishes(new RegExp(`/incoming/${receipt}`)),
        holds: isGone(reason),
      },
      {
        text: 'the letter is in the spool before it leaves the quarantine',
        before: removes(place.at(envelopePath('quarantine', receipt))),
        holds: areSafe(envelopePath('incoming', receipt)),
      },
    ],
  )
}

const exportTips: Way = async (place) => {
  const { receipt } = await makeTip(place)
  return await recordCommand(
    place,
    ['export', 'trips/first'],
    [
      {
        text: 'the envelope is on the stick before the sums are signed',
        before: publishes(/SHA256SUMS\.minisig$/),
        holds: allSafe(new RegExp(`^trips/first.*${receipt}|^trips/first/SHA256SUMS$`)),
      },
      {
        text: 'the export is on the stick, with the folders above it, before the command says so',
        before: prints('exported'),
        holds: allSafe(/^trips/),
      },
      {
        text: 'the export is signed for good before ops is told of it',
        before: publishes(/\/marks\/exported$/),
        holds: areSafe('trips/first/SHA256SUMS.minisig'),
      },
    ],
  )
}

/** So many envelopes that they are in folders of their own on the stick. */
const exportMany: Way = async (place) => {
  for (let number = 0; number <= maxFlatEnvelopes; number += 1) {
    const bytes = Buffer.from(String(number))
    makeVault(place, 'sealed', { bytes, receipt: sha256(bytes) })
  }
  return await recordCommand(
    place,
    ['export', 'trips/first'],
    [
      {
        text: 'each envelope is on the stick, with its folder, before the sums are signed',
        before: publishes(/SHA256SUMS\.minisig$/),
        holds: allSafe(/^trips\/first\/[0-9a-f]{2}\//),
      },
    ],
  )
}

const openTips: Way = async (place) => {
  const { receipt } = await exportTo(place)
  const args = ['open', 'stick', '--identity', place.identityPath, '--casebook', 'desk/casebook']
  return await recordCommand(place, args, [
    {
      text: 'a tip has its name only when all that is in its folder is safe',
      before: publishes(new RegExp(`/tips/${receipt}$`)),
      holds: (disk) =>
        isFilled(new RegExp(`^desk/casebook/tips/\\.partial-${receipt}$`))(disk) &&
        disk.now().has(`desk/casebook/tips/.partial-${receipt}/opened.json`),
    },
    {
      text: 'the envelope is in the casebook before its tip is',
      before: publishes(new RegExp(`/tips/${receipt}$`)),
      holds: areSafe(`desk/casebook/originals/${receipt}.age`),
    },
    {
      text: 'tip, envelope and custody log are safe before the command says so',
      before: prints('opened'),
      holds: (disk) =>
        allSafe(new RegExp(`^desk/casebook/tips/${receipt}/`))(disk) &&
        areSafe(`desk/casebook/originals/${receipt}.age`, 'desk/casebook/custody.jsonl')(disk),
    },
    {
      text: 'the custody log is safe before the index is made',
      before: publishes(/\/index\.sqlite$/),
      holds: areSafe('desk/casebook/custody.jsonl'),
    },
  ])
}

const changeCase: Way = async (place) => {
  const receipt = await openTo(place)
  const args = ['case', 'note', receipt.slice(0, 8), 'called', '--casebook', 'casebook']
  const name = `casebook/tips/${receipt}/case.json`
  return await recordCommand(place, args, [
    {
      text: 'a change is in the custody log before the case has it',
      before: publishes(/\/case\.json$/),
      holds: areSafe('casebook/custody.jsonl'),
    },
    { text: 'the change is safe', before: 'end', holds: areSafe(name) },
    {
      text: 'the index is safe before the pages are exchanged',
      before: publishes(/\/casebook\/site$/),
      holds: areSafe('casebook/index.sqlite'),
    },
    {
      text: 'the old pages stay until all new ones are written',
      before: publishes(/\/casebook\/site$/),
      holds: (disk) => disk.now().has('casebook/site-old/SHA256SUMS'),
    },
  ])
}

/** Writes down what a caller says. */
const writeDown: Way = async (place) => {
  mkdirSync(place.at('casebook/tips'), { recursive: true })
  const args = ['case', 'new', 'she was taken away', '--how', 'phone', '--casebook', 'casebook']
  return await recordCommand(place, args, [
    {
      text: 'the case is safe before the custody log says so, since only a missing line is added later',
      before: (call) =>
        writesTo(/\/custody\.jsonl$/)(call) && hasText(call.args[1] ?? '', 'case_written'),
      holds: allSafe(/^casebook\/tips\/[0-9a-f]{64}\/(?:tip|opened)\.json$/),
    },
  ])
}

const isLogged =
  (action: string) =>
  (disk: DiskModel): boolean =>
    String(disk.afterPowerCut().get('casebook/custody.jsonl')).includes(`"${action}"`)

/** A report of what the casebook holds, for people outside. */
const writeReport: Way = async (place) => {
  await openTo(place)
  const days = ['--from', place.day, '--to', place.day]
  const args = ['report', 'counts', ...days, '-o', 'counts.html', '--casebook', 'casebook']
  return await recordCommand(place, args, [
    {
      text: 'a report is in the custody log before it has its name',
      before: publishes(/\/counts\.html$/),
      holds: isLogged('report_written'),
    },
    {
      text: 'the report is safe before the command ends',
      before: 'end',
      holds: areSafe('counts.html'),
    },
  ])
}

/** A stand-in for Dangerzone, which copies. */
const standIn = `#!${process.execPath}
const { readFileSync, writeFileSync } = require('node:fs')
const [, target, , source] = process.argv.slice(2)
if (source !== undefined) writeFileSync(target, readFileSync(source))
`

/** Opens a tip whose picture Dangerzone converts. */
const convertCopies: Way = async (place) => {
  const files = [fileOf('picture.png', Buffer.from('a picture'))]
  const bytes = await sealWhole(primitives, place.recipients, plainTip, files)
  const receipt = sha256(bytes)
  makeVault(place, 'sealed', { bytes, receipt })
  await prepare(place, 'export', 'stick')
  mkdirSync(place.at('bin'))
  writeFileSync(place.at('bin/dangerzone-cli'), standIn, { mode: 0o755 })
  const disk = new DiskModel(place.dir)
  const args = ['open', 'stick', '-i', place.identityPath, '--casebook', 'casebook']
  const env = { PATH: `${place.at('bin')}:${process.env['PATH']}` }
  const command = place.run(tumen(...args, '--dangerzone'), { env })
  expect(await command.ended()).toMatchObject({ status: 0 })
  return {
    calls: command.calls(),
    disk,
    claims: [
      {
        text: 'a copy is in the custody log before it has its name, since the next run makes only copies that are missing',
        before: publishes(/\/picture\.png\.pdf$/),
        holds: isLogged('attachment_converted'),
      },
      {
        text: 'the copy is safe before the command ends',
        before: 'end',
        holds: areSafe(`casebook/working/${receipt}/picture.png.pdf`),
      },
    ],
  }
}

/** Changes a case while the custody log is missing, so that a new log starts with this change. */
const changeWithoutLog: Way = async (place) => {
  const receipt = await openTo(place)
  rmSync(place.at('casebook/custody.jsonl'))
  const args = ['case', 'note', receipt.slice(0, 8), 'called', '--casebook', 'casebook']
  return await recordCommand(place, args, [
    {
      text: 'a new custody log is safe before the case has the change',
      before: publishes(/\/case\.json$/),
      holds: areSafe('casebook/custody.jsonl'),
    },
  ])
}

const repairCase: Way = async (place) => {
  const receipt = await openTo(place)
  const name = `casebook/tips/${receipt}/case.json`
  writeFileSync(place.at(name), 'damaged')
  const args = ['case', 'repair', receipt.slice(0, 8), '--casebook', 'casebook']
  return await recordCommand(place, args, [
    {
      text: 'the damaged file is kept before a new one replaces it',
      before: publishes(/\/case\.json$/),
      holds: allSafe(/^casebook\/aside\/.*case\.json/),
    },
    { text: 'the new file is safe', before: 'end', holds: areSafe(name) },
  ])
}

/** The program was killed after it had logged a change and before it had written the case. */
const finishChange: Way = async (place) => {
  const receipt = await openTo(place)
  await prepare(place, 'case', 'note', receipt.slice(0, 8), 'called', '--casebook', 'casebook')
  const name = `casebook/tips/${receipt}/case.json`
  renameSync(place.at(name), place.at(`casebook/tips/${receipt}/.case.json.${'0'.repeat(12)}.tmp`))
  return await recordCommand(
    place,
    ['case', 'refresh', '--casebook', 'casebook'],
    [{ text: 'the change is safe', before: 'end', holds: areSafe(name) }],
  )
}

const acknowledgeOnDesk: Way = async (place) => {
  await openTo(place)
  const args = ['acknowledge', 'stick', '--casebook', 'casebook', '--key', place.deskKeyPath]
  return await recordCommand(place, args, [
    {
      text: 'the acknowledgement is on the stick before its signature',
      before: publishes(/acknowledgement\.json\.minisig$/),
      holds: areSafe('stick/acknowledgement.json'),
    },
    {
      text: 'both are on the stick before the command says so',
      before: prints('acknowledged'),
      holds: areSafe('stick/acknowledgement.json', 'stick/acknowledgement.json.minisig'),
    },
  ])
}

const acknowledgeOnServer: Way = async (place) => {
  const receipt = await openTo(place)
  await prepare(place, 'acknowledge', 'stick', '--casebook', 'casebook', '--key', place.deskKeyPath)
  // The worker seems to have collected the tip already, so the command does not wait.
  renameSync(
    place.at(envelopePath('sealed', receipt)),
    place.at(envelopePath('collected', receipt)),
  )
  // Making this folder for the answers would sync the acknowledgement's name by accident.
  mkdirSync(place.at('var/acknowledgements/replies'), { recursive: true, mode: 0o700 })
  return await recordCommand(
    place,
    ['acknowledge', 'stick'],
    [
      {
        text: 'the signature is in the inbox before the acknowledgement',
        before: publishes(/\/acknowledgements\/[0-9a-f]{64}\.json$/),
        holds: allSafe(/^var\/acknowledgements\/.*\.minisig$/),
      },
      {
        text: 'the acknowledgement is in the inbox before the command says so',
        before: prints('collected'),
        holds: allSafe(/^var\/acknowledgements\/[0-9a-f]{64}\.json$/),
      },
    ],
  )
}

const backUp: Way = async (place) => {
  const { receipt } = await makeTip(place)
  makeVault(place, 'collected', makeEnvelope())
  return await recordCommand(
    place,
    ['backup', 'far/away'],
    [
      {
        text: 'a backup has its name only when all that is in it is safe',
        before: publishes(/\/far\/away\/\d{4}-\d\d-\d\d$/),
        holds: (disk) =>
          isFilled(/^far\/away\/\.partial\/[^/]+\/tree$/)(disk) &&
          [...disk.now().keys()].some((path) => path.endsWith('/tree/SHA256SUMS.minisig')),
      },
      {
        text: 'the backup is safe, with the folders above it, before the command says so',
        before: prints('backed up'),
        holds: (disk) =>
          allSafe(new RegExp(`^far/away/[^/]+/sealed/${receipt}\\.age$`))(disk) &&
          allSafe(/^far\/away\/[^/]+\/SHA256SUMS\.minisig$/)(disk),
      },
    ],
  )
}

const restore: Way = async (place) => {
  const { receipt } = await makeTip(place)
  await prepare(place, 'backup', 'backups')
  renameSync(place.at('var'), place.at('old-var'))
  renameSync(place.at('keys'), place.at('old-keys'))
  const env = { TUMEN_DATA_DIR: place.at('srv/new/var'), TUMEN_KEYS_DIR: place.at('srv/new/keys') }
  const disk = new DiskModel(place.dir)
  const command = place.run(tumen('restore', 'backups'), { env })
  expect(await command.ended()).toMatchObject({ status: 0 })
  return {
    calls: command.calls(),
    disk,
    claims: [
      {
        text: 'what is restored has its place only when it is safe',
        before: publishes(/\/srv\/new\/var\/incoming$/),
        holds: isFilled(/^srv\/new\/var\/\.restoring$/),
      },
      {
        text: 'what is restored has its place for good before services may start',
        before: removesFolder(/\/srv\/new\/var\/\.restoring$/),
        holds: allSafe(/^srv\/new\/(?:var|keys)\/(?!\.restoring)/),
      },
      {
        text: 'services may start before the command says so',
        before: prints('restored'),
        holds: isGone('srv/new/var/.restoring'),
      },
      {
        text: 'all is safe, with the folders above it, before the command says so',
        before: prints('restored'),
        holds: (model) =>
          areSafe(`srv/new/var/sealed/${receipt}.age`)(model) &&
          allSafe(/^srv\/new\/(?:var|keys)\//)(model),
      },
    ],
  }
}

const sealToFile: Way = async (place) => {
  writeFileSync(place.at('tip.json'), JSON.stringify(plainTip))
  return await recordCommand(
    place,
    ['seal', '--tip', 'tip.json', '-o', 'sealed.age'],
    [
      {
        text: 'the sealed tip is safe before the command ends',
        before: 'end',
        holds: areSafe('sealed.age'),
      },
    ],
  )
}

const makeKey: Way = (place) =>
  recordCommand(
    place,
    ['keys', 'new', 'second', '--purpose', 'export', '--no-passphrase'],
    [
      ...['pub', 'card.json'].map((suffix) => ({
        text: `the secret key is safe before second.${suffix} is there, which others would trust`,
        before: publishes(new RegExp(`/second\\.${suffix}$`)),
        holds: areSafe('second.key'),
      })),
      { text: 'the key is safe before the command ends', before: 'end', holds: allSafe(/second/) },
    ],
  )

/** The disk fails as soon as the card has its name, so that the key is taken back. */
const takeBackKey: Way = async (place) => {
  const disk = new DiskModel(place.dir)
  const command = place.run(
    tumen('keys', 'new', 'second', '--purpose', 'export', '--no-passphrase'),
    // strace counts the calls of each thread.
    {
      env: { UV_THREADPOOL_SIZE: '1' },
      straceOptions: ['-e', 'inject=fsync:error=EIO:when=6'],
    },
  )
  expect(await command.ended()).toMatchObject({ status: 1 })
  return {
    calls: command.calls(),
    disk,
    claims: [
      {
        text: 'nobody finds a card or a public key whose secret is gone',
        before: removes(place.at('second.key')),
        holds: (model) => !model.now().has('second.card.json') && !model.now().has('second.pub'),
      },
    ],
  }
}

/** The first start of a demo. */
const holdDemo: Way = (place) =>
  recordStep(place, 'holdDemo', [
    {
      text: 'the secrets are safe before a keyring asks for tips that are sealed to them',
      before: publishes(/\/demo-keys\/root\.pub$/),
      holds: areSafe(
        ...['demo/demo.identity', 'demo/root.key', 'demo/desk.key', 'export.key'].map(
          (name) => `var/demo-data/${name}`,
        ),
      ),
    },
    {
      text: 'root and signature are safe before keyring.json says that the ceremony is held',
      before: publishes(/\/demo-keys\/keyring\.json$/),
      holds: areSafe('var/demo-keys/root.pub', 'var/demo-keys/keyring.json.minisig'),
    },
  ])

const drain: Way = (place) =>
  recordStep(place, 'startDraining', [
    { text: 'the door stays closed', before: 'end', holds: areSafe('var/draining') },
  ])

/** The desk's programs may run under Node's permission model, where a folder is synced differently. */
const drainConfined: Way = (place) =>
  recordStep(
    place,
    'startDraining',
    [{ text: 'the door stays closed', before: 'end', holds: areSafe('var/draining') }],
    { nodeOptions: ['--permission', '--allow-fs-read=*', `--allow-fs-write=${place.dir}`] },
  )

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

const endDraining: Way = async (place) => {
  writeFileSync(place.at('var/draining'), '')
  return await recordStep(place, 'stopDraining', [
    { text: 'the door stays open', before: 'end', holds: isGone('var/draining') },
  ])
}

const askToDelete: Way = (place) =>
  recordStep(place, 'askToDelete', [
    { text: 'the request is safe', before: 'end', holds: areSafe('var/discards/collected') },
  ])

const endDeleting: Way = async (place) => {
  mkdirSync(place.at('var/discards'), { recursive: true, mode: 0o700 })
  writeFileSync(place.at('var/discards/collected'), '')
  return await recordStep(place, 'endDeleting', [
    {
      text: 'the request is gone for good',
      before: 'end',
      holds: isGone('var/discards/collected'),
    },
  ])
}

const finishCanary: Way = async (place) => {
  const note = `var/canary/${'0'.repeat(64)}.sent`
  mkdirSync(place.at('var/canary'), { mode: 0o700 })
  writeFileSync(place.at(note), '{}')
  return await recordStep(place, 'finishCanary', [
    {
      text: 'that a canary has arrived is noted for good',
      before: 'end',
      holds: isGone(note),
    },
  ])
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

export const ways = {
  postRaw,
  postForm,
  postAgain,
  postRepeated,
  upload,
  endUpload,
  recoverUpload,
  firstStart,
  startAfterKill,
  storeTip,
  fillSegment,
  splitLedger,
  loseLine,
  parkTip,
  collectTip,
  deleteTip,
  discardTip,
  askToDiscard,
  retryLetter,
  exportTips,
  exportMany,
  openTips,
  changeCase,
  changeWithoutLog,
  writeDown,
  convertCopies,
  writeReport,
  repairCase,
  finishChange,
  acknowledgeOnDesk,
  acknowledgeOnServer,
  backUp,
  restore,
  sealToFile,
  makeKey,
  takeBackKey,
  holdDemo,
  drain,
  drainConfined,
  prepareFolder,
  endDraining,
  askToDelete,
  endDeleting,
  finishCanary,
  ...answerWays,
} satisfies Record<string, Way>

export type WayName = keyof typeof ways
