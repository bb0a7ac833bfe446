import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { expect } from 'vitest'
import { primitives } from '../../support/ceremony.ts'
import { fileOf, plainTip, sealWhole, sha256 } from '../../support/sealed.ts'
import { DiskModel } from './disk-model.ts'
import { tumen } from './place.ts'
import { exportTo, makeVault, openTo, prepare, recordCommand, type Way } from './record.ts'
import { allSafe, areSafe, hasText, isFilled, prints, publishes, writesTo } from './recorded.ts'

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

/** What the commands at the desk write. */
export const deskWays = {
  openTips,
  changeCase,
  writeDown,
  writeReport,
  convertCopies,
  changeWithoutLog,
  repairCase,
  finishChange,
  acknowledgeOnDesk,
  sealToFile,
} satisfies Record<string, Way>
