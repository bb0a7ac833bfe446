import { addDays } from '../../time/day.ts'
import { retire, rotate } from '../../keyring/edit.ts'
import { fingerprintGroups } from '../../keyring/fingerprint.ts'
import { cardDigest } from '../../keyring/make-keys.ts'
import { nameKey } from '../../keyring/names.ts'
import { defineCommand } from '../frame/command.ts'
import { printLine } from '../frame/context.ts'
import { failure, usageError } from '../frame/errors.ts'
import { readCard } from './read-card.ts'
import {
  dirOption,
  keyringDir,
  readDay,
  readDraft,
  today,
  writeDraft,
} from '../frame/keyring-folder.ts'

/** Longer than a source keeps a page open or a copy of the offline sealer. */
const defaultOverlapDays = 30

export const keyringRetire = defineCommand({
  name: 'keyring retire',
  summary: 'retire a person or signer; the entry stays for the record',
  usage: 'NAME [--on DAY] [--key GROUP] [--dir DIR]',
  help: 'Keep the identity: it still opens the tips that were sealed to it.',
  options: {
    ...dirOption,
    on: {
      type: 'string',
      value: 'DAY',
      about: 'the first day on which they no longer count (default: today)',
    },
    key: {
      type: 'string',
      value: 'GROUP',
      about: 'which key to retire during an overlap: the first group of its fingerprint',
    },
  },
  positionals: { min: 1, max: 1 },
  async run(context, values, [name = '']) {
    const on = values.on === undefined ? today(context) : readDay('on', values.on)
    if (values.key !== undefined && !/^\d{5}$/.test(values.key))
      throw usageError('--key must be five digits: the first group of a fingerprint')
    const dir = await keyringDir(context, values.dir)
    const { keyring } = await readDraft(dir)
    await writeDraft(context, dir, retire(keyring, { name, firstGroup: values.key ?? null }, on))
    printLine(context, `retired ${name} from ${on}`)
    return 0
  },
})

export const keyringRotate = defineCommand({
  name: 'keyring rotate',
  summary: 'give a person a new key; the old one stays in force for some days',
  usage: 'NAME CARD [--overlap DAYS] [--valid-until DAY] [--dir DIR]',
  help: `
CARD is the card of a new key with the same name. Both keys are in force during the overlap, so that tips sealed to
an older copy of the keyring can still be opened. Keep the old identity: it opens the tips that were sealed to it.
If an identity was lost or seized, allow no overlap: --overlap 0.`,
  options: {
    ...dirOption,
    overlap: {
      type: 'string',
      value: 'DAYS',
      about: `how long the old key stays in force (default: ${defaultOverlapDays})`,
    },
    'valid-until': {
      type: 'string',
      value: 'DAY',
      about: 'the last valid day of the new key (default: as long as the keyring)',
    },
  },
  positionals: { min: 2, max: 2 },
  async run(context, values, [name = '', path = '']) {
    const overlapDays = readOverlap(values.overlap)
    const validUntil =
      values['valid-until'] === undefined ? null : readDay('valid-until', values['valid-until'])
    const dir = await keyringDir(context, values.dir)
    const { keyring } = await readDraft(dir)
    const card = await readCard(context, path)
    if (nameKey(card.name) !== nameKey(name))
      throw failure(`${path} is the card of ${card.name}, not of ${name}`)
    const day = today(context)
    await writeDraft(context, dir, rotate(keyring, card, { day, overlapDays, validUntil }))
    printLine(
      context,
      `new key of ${card.name} from ${day}: ${fingerprintGroups(cardDigest(card))}`,
    )
    const state =
      overlapDays === 0 ? 'is retired now' : `stays in force until ${addDays(day, overlapDays - 1)}`
    printLine(context, `the old key ${state}: keep its identity to open tips sealed to it`)
    return 0
  },
})

function readOverlap(text: string | undefined): number {
  if (text === undefined) return defaultOverlapDays
  if (!/^\d{1,3}$/.test(text)) throw usageError('--overlap must be a number of days, 0 to 999')
  return Number(text)
}
