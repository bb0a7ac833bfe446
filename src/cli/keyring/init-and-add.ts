import { join } from 'node:path'

import type { Card } from '../../keyring/card.ts'
import { addDays } from '../../time/day.ts'
import { addCard, createKeyring } from '../../keyring/edit.ts'
import { makeSecretDir, readBounded, writeNewFile } from '../../disk/small-files.ts'
import { fingerprintGroups } from '../../keyring/fingerprint.ts'
import { formatKeyring } from '../../keyring/keyring.ts'
import { keyringFileName, rootFileName } from '../../keyring/load.ts'
import { cardDigest } from '../../keyring/make-keys.ts'
import { formatPublicKeyFile, parsePublicKey } from '../../keyring/minisign.ts'
import { maxKeyFileBytes } from '../../keyring/bounds.ts'
import { defineCommand } from '../frame/command.ts'
import { printLine } from '../frame/context.ts'
import { failure, usageError } from '../frame/errors.ts'
import { readCard, readInput } from './read-card.ts'
import {
  dirOption,
  keyringDir,
  readDay,
  readDraft,
  today,
  writeDraft,
} from '../frame/keyring-folder.ts'

const defaultValidDays = 365

export const keyringInit = defineCommand({
  name: 'keyring init',
  summary: 'start a keyring without people, for the root that will sign it',
  usage: '--root-pub FILE [--dir DIR] [--expires DAY]',
  options: {
    ...dirOption,
    'root-pub': {
      type: 'string',
      value: 'FILE',
      about: 'the public key of the root (tumen keys new root --purpose root)',
    },
    expires: {
      type: 'string',
      value: 'DAY',
      about: `the last valid day of the keyring (default: in ${defaultValidDays} days)`,
    },
  },
  positionals: { min: 0, max: 0 },
  async run(context, values) {
    const rootPub = values['root-pub']
    if (rootPub === undefined) throw usageError('--root-pub FILE is needed')
    const day = today(context)
    const expires =
      values.expires === undefined
        ? addDays(day, defaultValidDays)
        : readDay('expires', values.expires)
    const dir = await keyringDir(context, values.dir)
    const root = parsePublicKey(
      new TextDecoder().decode(await readInput(context, rootPub, maxKeyFileBytes)),
    )
    const keyring = createKeyring({ day, expires })
    await makeSecretDir(dir)
    await refuseOtherRoot(dir, formatPublicKeyFile(root))
    await writeNewFile(join(dir, keyringFileName), formatKeyring(keyring)).catch(
      (error: NodeJS.ErrnoException) => {
        throw error.code === 'EEXIST'
          ? failure(
              `${join(dir, keyringFileName)} exists and is not replaced: choose another --dir`,
            )
          : error
      },
    )
    printLine(
      context,
      `wrote ${join(dir, keyringFileName)}, valid until ${expires}: add people with "tumen keyring add CARD"`,
    )
    return 0
  },
})

export const keyringAdd = defineCommand({
  name: 'keyring add',
  summary: 'add people from their cards',
  usage: 'CARD… [--dir DIR] [--valid-from DAY] [--valid-until DAY]',
  help: 'Compare the fingerprint with the person, by voice or face to face, before you sign.',
  options: {
    ...dirOption,
    'valid-from': { type: 'string', value: 'DAY', about: 'the first valid day (default: today)' },
    'valid-until': {
      type: 'string',
      value: 'DAY',
      about: 'the last valid day (default: as long as the keyring)',
    },
  },
  positionals: { min: 1, max: Infinity },
  async run(context, values, paths) {
    const validity = {
      validFrom:
        values['valid-from'] === undefined
          ? today(context)
          : readDay('valid-from', values['valid-from']),
      validUntil:
        values['valid-until'] === undefined ? null : readDay('valid-until', values['valid-until']),
    }
    const dir = await keyringDir(context, values.dir)
    let { keyring } = await readDraft(dir)
    const cards: Card[] = []
    for (const path of paths) {
      const card = await readCard(context, path)
      keyring = addCard(keyring, card, validity)
      cards.push(card)
    }
    await writeDraft(context, dir, keyring)
    for (const card of cards)
      printLine(context, `added ${card.name}: ${fingerprintGroups(cardDigest(card))}`)
    return 0
  },
})

/** Accepts the same root again. Another root would make every earlier signature invalid. */
async function refuseOtherRoot(dir: string, rootText: string): Promise<void> {
  const path = join(dir, rootFileName)
  const existing = await readBounded(path, maxKeyFileBytes)
  if (existing === null) return await writeNewFile(path, rootText)
  const isSame =
    parsePublicKeyOrNull(existing) === parsePublicKeyOrNull(new TextEncoder().encode(rootText))
  if (!isSame) throw failure(`${path} is another root: choose another --dir, or move it away`)
}

function parsePublicKeyOrNull(bytes: Uint8Array): string | null {
  try {
    return formatPublicKeyFile(parsePublicKey(new TextDecoder().decode(bytes)))
  } catch {
    return null
  }
}
