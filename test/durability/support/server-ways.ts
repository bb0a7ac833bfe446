import { mkdirSync, renameSync, writeFileSync } from 'node:fs'
import { expect } from 'vitest'
import { maxFlatEnvelopes } from '../../../src/carry/sums.ts'
import { sha256 } from '../../support/sealed.ts'
import { makeEnvelope } from '../../workers/envelopes.ts'
import { DiskModel } from './disk-model.ts'
import { tumen } from './place.ts'
import {
  envelopePath,
  makeTip,
  makeVault,
  openTo,
  prepare,
  recordCommand,
  recordStep,
  type Way,
} from './record.ts'
import {
  allSafe,
  areSafe,
  isFilled,
  isGone,
  prints,
  publishes,
  removes,
  removesFolder,
} from './recorded.ts'

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

/** What the commands on the server write, and the start of a demo. */
export const serverWays = {
  askToDiscard,
  exportTips,
  exportMany,
  acknowledgeOnServer,
  backUp,
  restore,
  makeKey,
  takeBackKey,
  holdDemo,
  drain,
  drainConfined,
  endDraining,
  askToDelete,
  endDeleting,
} satisfies Record<string, Way>
