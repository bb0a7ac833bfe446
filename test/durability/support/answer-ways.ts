import { cpSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { parseSecretKey } from '../../../src/keyring/minisign.ts'
import { makeTestDrop, writeReplies } from '../../reply-store/answering-desk.ts'
import { recordTakingIn, writeAnswers } from './answers.ts'
import type { DiskModel } from './disk-model.ts'
import { type Place, workerMain } from './place.ts'
import { makeTip, openTo, prepare, recordCommand, recordStep, type Way } from './record.ts'
import { allSafe, areSafe, isFilled, isGone, prints, publishes, removes } from './recorded.ts'

const acknowledge = (place: Place): string[] => {
  const key = place.deskKeyPath
  return ['acknowledge', 'stick', '--casebook', 'casebook', '--key', key]
}

const arrivedIndex = /^var\/acknowledgements\/replies\/[0-9a-f]{64}\/index\.json$/

/** The worker replaces the answers that it serves. */
const takeInAnswers: Way = async (place) => {
  const { calls, disk, old, added } = await recordTakingIn(place)
  const at = (name: string): string => `var/replies/${name}`
  const claims = [
    {
      text: 'the drop and its signature are safe before an index names it',
      before: publishes(/\/var\/replies\/index\.json\.minisig$/),
      holds: areSafe(at(`${added.id}.tar`), at(`${added.id}.tar.minisig`)),
    },
    {
      text: 'the signature of the new index is safe before the new index is there',
      before: publishes(/\/var\/replies\/index\.json\.next$/),
      holds: areSafe(at('index.json.minisig.next')),
    },
    {
      text: 'the new index is safe before its signature replaces the old one',
      before: publishes(/\/var\/replies\/index\.json\.minisig$/),
      holds: areSafe(at('index.json.next'), at('index.json.minisig.next')),
    },
    {
      text: 'the new signature has its name for good before the new index has',
      before: publishes(/\/var\/replies\/index\.json$/),
      holds: areSafe(at('index.json.minisig')),
    },
    {
      text: 'the new index and its signature are safe before an old drop goes',
      before: removes(place.at(at(`${old.id}.tar`))),
      holds: areSafe(at('index.json'), at('index.json.minisig')),
    },
    {
      text: 'the arrival stays in the inbox until all of it is taken in',
      before: removes(place.at(at(`${old.id}.tar`))),
      holds: (model: DiskModel) => [...model.now().keys()].some((path) => arrivedIndex.test(path)),
    },
    {
      text: 'all is safe',
      before: 'end' as const,
      holds: allSafe(/^var\/replies\/(index\.json|[0-9a-f]{32}\.tar)(\.minisig)?$/),
    },
  ]
  return { calls, disk, claims }
}

/** A folder of answers in which the worker was killed while it replaced the index. */
function makeHalfReplaced(place: Place, isInEffect: boolean): void {
  const key = parseSecretKey(readFileSync(place.deskKeyPath, 'utf8'))
  const replies = place.at('var/replies')
  writeReplies(replies, key, { day: place.day, seq: 1, drops: [makeTestDrop(place.day)] })
  const next = { day: place.day, seq: 2, drops: [makeTestDrop(place.day)] }
  writeReplies(place.at('arriving'), key, next)
  renameSync(place.at('arriving/index.json'), `${replies}/index.json.next`)
  const signature = isInEffect ? 'index.json.minisig' : 'index.json.minisig.next'
  renameSync(place.at('arriving/index.json.minisig'), `${replies}/${signature}`)
}

/** The new index had taken effect, but still had its temporary name. */
const finishAnswers: Way = async (place) => {
  makeHalfReplaced(place, true)
  return await recordStep(place, 'tidyReplies', [
    {
      text: 'the new index has its name for good',
      before: 'end',
      holds: (disk) =>
        areSafe('var/replies/index.json')(disk) && isGone('var/replies/index.json.next')(disk),
    },
  ])
}

/** The new index had not taken effect yet. */
const takeBackAnswers: Way = async (place) => {
  makeHalfReplaced(place, false)
  return await recordStep(place, 'tidyReplies', [
    {
      text: 'the new index is gone for good before its signature is removed',
      before: removes(place.at('var/replies/index.json.minisig.next')),
      holds: isGone('var/replies/index.json.next'),
    },
    {
      text: 'its signature is gone for good',
      before: 'end',
      holds: isGone('var/replies/index.json.minisig.next'),
    },
  ])
}

/** A stick comes back with answers. The worker, which runs unrecorded, takes them in. */
const handOverAnswers: Way = async (place) => {
  await openTo(place)
  await prepare(place, ...acknowledge(place))
  const worker = place.run(workerMain)
  try {
    await worker.untilReady()
    return await recordCommand(
      place,
      ['acknowledge', 'stick'],
      [
        {
          text: 'an arrival has its name only when all that is in it is safe',
          before: publishes(/\/acknowledgements\/replies\/[0-9a-f]{64}$/),
          holds: isFilled(/^var\/acknowledgements\/replies\/\.[0-9a-f]{16}$/),
        },
        {
          text: 'the answers are in the inbox before the command says that they are taken in',
          before: prints('are taken in'),
          holds: allSafe(/^var\/acknowledgements\/replies\/[0-9a-f]{64}\//),
        },
      ],
    )
  } finally {
    await worker.stop()
  }
}

/** The server puts the index of the answers that it serves on the stick. */
const exportIndex: Way = async (place) => {
  await makeTip(place)
  writeAnswers(place, 'var/replies', 1, makeTestDrop(place.day))
  return await recordCommand(
    place,
    ['export', 'trips/first'],
    [
      {
        text: 'the index is on the stick, with its folder, before the export is signed',
        before: publishes(/\/SHA256SUMS\.minisig$/),
        holds: allSafe(/^trips\/first\/replies\//),
      },
    ],
  )
}

/** The desk brings answers onto a stick that holds a drop of a run that was stopped. */
const bringAnswers: Way = async (place) => {
  await openTo(place)
  const stopped = `stick/replies/${'0'.repeat(32)}.tar`
  mkdirSync(place.at('stick/replies'), { recursive: true })
  writeFileSync(place.at(stopped), 'half of a drop')
  return await recordCommand(place, acknowledge(place), [
    {
      text: 'the number of the index is used up for good before the stick has an index',
      before: publishes(/\/stick\/replies\/index\.json$/),
      holds: areSafe('casebook/replies/book.json', 'casebook/custody.jsonl'),
    },
    {
      text: 'the drop is on the stick, signed, before an index names it',
      before: publishes(/\/stick\/replies\/index\.json$/),
      holds: (disk) =>
        allSafe(/^stick\/replies\/[1-9a-f][0-9a-f]{31}\.tar$/)(disk) &&
        allSafe(/^stick\/replies\/[1-9a-f][0-9a-f]{31}\.tar\.minisig$/)(disk),
    },
    {
      text: 'the index is on the stick before its signature',
      before: publishes(/\/stick\/replies\/index\.json\.minisig$/),
      holds: areSafe('stick/replies/index.json'),
    },
    {
      text: 'the new index and its signature are on the stick before an old drop goes',
      before: removes(place.at(stopped)),
      holds: areSafe('stick/replies/index.json', 'stick/replies/index.json.minisig'),
    },
    {
      text: 'the drop is safe before the record of the trip, which relies on it',
      before: publishes(/\/casebook\/replies\/[0-9a-f]{32}\.json$/),
      holds: allSafe(/^casebook\/replies\/[0-9a-f]{32}\.tar$/),
    },
    {
      text: 'the stick is written for good before the casebook says so',
      before: publishes(/\/casebook\/replies\/[0-9a-f]{32}\.json$/),
      holds: (disk) =>
        areSafe('stick/replies/index.json', 'stick/replies/index.json.minisig')(disk) &&
        isGone(stopped)(disk),
    },
    {
      text: 'the record of the trip is safe before the envelopes are acknowledged',
      before: publishes(/\/stick\/acknowledgement\.json$/),
      holds: allSafe(/^casebook\/replies\/[0-9a-f]{32}\.(?:json|tar)$/),
    },
  ])
}

/** The server shows that a drop is published, and the desk need not keep it any longer. */
const takeInReturned: Way = async (place) => {
  await openTo(place)
  await prepare(place, ...acknowledge(place))
  mkdirSync(place.at('var/replies'), { mode: 0o700 })
  const names = readdirSync(place.at('stick/replies'))
  for (const name of names) cpSync(place.at('stick/replies', name), place.at('var/replies', name))
  const drop = names.find((name) => name.endsWith('.tar')) ?? ''
  await prepare(place, 'export', 'second')
  const args = ['open', 'second', '-i', place.identityPath, '--casebook', 'casebook']
  const book = 'casebook/replies/book.json'
  return await recordCommand(place, args, [
    {
      text: 'the book says for good that a drop is published before the desk’s copy goes',
      before: removes(place.at('casebook/replies', drop)),
      holds: (disk) => String(disk.afterPowerCut().get(book)).includes(`"${drop.slice(0, 32)}"`),
    },
  ])
}

/** The desk was killed after it had logged its book of answers and before it had written it. */
const finishBook: Way = async (place) => {
  await openTo(place)
  await prepare(place, ...acknowledge(place))
  const book = 'casebook/replies/book.json'
  renameSync(place.at(book), place.at(`casebook/replies/.book.json.${'0'.repeat(12)}.tmp`))
  const args = ['case', 'refresh', '--casebook', 'casebook']
  return await recordCommand(place, args, [
    { text: 'the book is safe', before: 'end', holds: areSafe(book) },
  ])
}

export const answerWays = {
  takeInAnswers,
  finishAnswers,
  takeBackAnswers,
  handOverAnswers,
  exportIndex,
  bringAnswers,
  takeInReturned,
  finishBook,
} satisfies Record<string, Way>
