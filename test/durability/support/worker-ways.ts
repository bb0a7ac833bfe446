import { existsSync, mkdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs'
import { basename } from 'node:path'
import { formatAcknowledgement, signAcknowledgement } from '../../../src/carry/acknowledgement.ts'
import { parseSecretKey } from '../../../src/keyring/minisign.ts'
import { dayOfInstant } from '../../../src/time/day.ts'
import { sha256 } from '../../support/sealed.ts'
import { makeEnvelope } from '../../workers/envelopes.ts'
import { pathIn } from './parse-strace.ts'
import {
  envelopePath,
  makeVault,
  recordCommand,
  recordStep,
  recordWorker,
  type Way,
} from './record.ts'
import { areSafe, type Claim, hasText, isGone, publishes, removes, writesTo } from './recorded.ts'
import { hasLine, ledgerPath, ledgerText, safeLedger } from './ledger-ways.ts'

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

/** What the worker does with tips, dead letters, requests and canaries. */
export const workerWays = {
  storeTip,
  parkTip,
  retryLetter,
  collectTip,
  deleteTip,
  discardTip,
  finishCanary,
} satisfies Record<string, Way>
