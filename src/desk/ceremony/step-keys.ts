import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'

import { formatCard, maxCardBytes, parseCard } from '../../keyring/card.ts'
import type { Card, RecipientCard } from '../../keyring/card.ts'
import { readBounded, replaceFile } from '../../disk/small-files.ts'
import { fingerprintGroups } from '../../keyring/fingerprint.ts'
import {
  cardDigest,
  fileNameProblem,
  makeIdentity,
  makeSigningKey,
  writeKeyFiles,
} from '../../keyring/make-keys.ts'
import type { MadeKeys } from '../../keyring/make-keys.ts'
import { maxActiveRecipients } from '../../keyring/keyring.ts'
import { nameKey, nameProblem } from '../../keyring/names.ts'
import type { Secret } from '../../keyring/secret.ts'
import { signingKeyText } from '../../keyring/secret-text.ts'
import { formatShare } from '../../keyring/share-format.ts'
import { maxShares, splitSecret } from '../../keyring/shares.ts'
import { askUntil } from './ceremony.ts'
import type { Ceremony, Save } from './ceremony.ts'
import { CeremonyError } from './errors.ts'
import type { CeremonyState } from './state.ts'

export const rootName = 'root'
export const deskName = 'desk'
const identitySuffix = '.identity.age'
const defaultShares = { count: 3, threshold: 2 }

/** Makes the key that signs the keyring. */
export async function makeRoot(ceremony: Ceremony, state: CeremonyState): Promise<CeremonyState> {
  const { guide, folders } = ceremony
  guide.say(
    'The root signs the keyring: whoever has it can say who reads tips. It gets a passphrase of its own.',
  )
  const card = await makeOnce(
    ceremony,
    rootName,
    { secret: folders.safe, secretSuffix: '.key' },
    async (passphrase) => makeSigningKey(rootName, 'root', passphrase, ceremony.stretching),
  )
  guide.showFingerprint(fingerprintGroups(cardDigest(card)))
  return state
}

/** Splits the root key into shares on paper, which restore the key when its stick is lost. */
export async function splitRoot(ceremony: Ceremony, state: CeremonyState): Promise<CeremonyState> {
  const { guide, folders, day } = ceremony
  guide.say(
    'If the root is lost, a new one must be published to every source. Papers with some people each prevent that.',
  )
  const count = await askUntil(
    ceremony,
    `How many papers (shares)? 2 to 255, 0 for none [${defaultShares.count}]: `,
    (answer) => {
      const wanted = readCount(answer, defaultShares.count, [0, maxShares])
      if (wanted === 1) throw refused('one paper alone would be the key: 0, or 2 and more')
      return wanted
    },
  )
  if (count === 0) return { ...state, shares: null }
  const threshold = await askUntil(
    ceremony,
    `How many of them restore the root? 2 to ${count} [${defaultShares.threshold}]: `,
    (answer) => readCount(answer, defaultShares.threshold, [2, count]),
  )
  for (const name of await readdir(folders.shares)) await rm(join(folders.shares, name))
  const secret = signingKeyText(await ceremony.rootKey.get())
  const shares = await splitSecret(ceremony.primitives, secret, {
    of: rootName,
    day,
    shares: count,
    threshold,
  }).finally(() => secret.text.wipe())
  await writeKeyFiles(folders.shares, rootName, {
    files: shares.map((share) => ({
      suffix: `.share-${share.number}-of-${count}.txt`,
      content: formatShare(share),
    })),
  })
  for (const { bytes } of shares) bytes.fill(0)
  guide.say(
    `Wrote ${count} texts to ${folders.shares}. Print each for its keeper, or copy it by hand. They go on no stick.`,
  )
  return { ...state, shares: { count, threshold } }
}

/** Adds the people who will read tips, and saves after each of them. */
export async function addAnalysts(
  ceremony: Ceremony,
  state: CeremonyState,
  save: Save,
): Promise<CeremonyState> {
  ceremony.guide.say(
    'Each analyst sits alone at the keyboard for the passphrase. Whoever made a key elsewhere brings its card.',
  )
  let current = await addMadeBefore(ceremony, state)
  for (;;) {
    await save(current)
    const known =
      current.analysts.length === 0
        ? ''
        : ` So far: ${current.analysts.map(({ name }) => name).join(', ')}.`
    const asked = await askUntil(
      ceremony,
      `Name of an analyst, or the path of a card (NAME.card.json); only Enter: no more.${known}\n> `,
      (answer) => readAnalyst(ceremony, current, answer),
    )
    if (asked === null) return current
    const card =
      typeof asked === 'string'
        ? await makeAnalyst(ceremony, asked)
        : await keepCard(ceremony, asked)
    current = {
      ...current,
      analysts: [
        ...current.analysts,
        { name: card.name, role: card.role, key: typeof asked === 'string' ? 'made' : 'brought' },
      ],
    }
    ceremony.guide.say(`${card.name} (${card.role}) is in.`)
  }
}

/**
 * Adds analysts whose keys were complete before a run was stopped, but were not in its saved state.
 */
async function addMadeBefore(ceremony: Ceremony, state: CeremonyState): Promise<CeremonyState> {
  const { guide, folders } = ceremony
  const secrets = (await readdir(folders.desk))
    .filter((file) => file.endsWith(identitySuffix))
    .map((file) => file.slice(0, -identitySuffix.length))
  let current = state
  for (const name of secrets) {
    const isKnown =
      current.analysts.some((analyst) => analyst.name === name) ||
      (await readBounded(cardPath(ceremony, name), 1)) === null
    if (isKnown) continue
    const { role } = await readRecipient(ceremony, name)
    guide.say(`The key of ${name} is there from before: it is kept.`)
    current = { ...current, analysts: [...current.analysts, { name, role, key: 'made' }] }
  }
  return current
}

/** Reads an answer as a new name, as the path of a card, or as null for no more analysts. */
async function readAnalyst(
  ceremony: Ceremony,
  state: CeremonyState,
  answer: string,
): Promise<string | RecipientCard | null> {
  if (answer === '' && state.analysts.length > 0) return null
  if (answer === '') throw refused('nobody could open a tip: name one')
  if (state.analysts.length >= maxActiveRecipients)
    throw refused(`at most ${maxActiveRecipients} people can be in force at once`)
  if (!answer.endsWith('.json')) return refuseTaken(state, answer)
  const card = await ceremony.guide.readCard(answer)
  if (card.kind !== 'recipient')
    throw refused(`${answer} is the card of a signing key: this needs one of a person`)
  refuseTaken(state, card.name)
  return card
}

async function makeAnalyst(ceremony: Ceremony, name: string): Promise<RecipientCard> {
  const { primitives, day, folders, stretching } = ceremony
  const role = await askUntil(ceremony, `What does ${name} do? [analyst]: `, readRole)
  await makeOnce(
    ceremony,
    name,
    { secret: folders.desk, secretSuffix: identitySuffix },
    (passphrase) => makeIdentity(primitives, { name, role, day }, passphrase, stretching),
  )
  return await readRecipient(ceremony, name)
}

async function keepCard(ceremony: Ceremony, card: RecipientCard): Promise<RecipientCard> {
  await replaceFile(cardPath(ceremony, card.name), formatCard(card))
  return card
}

async function readRecipient(ceremony: Ceremony, name: string): Promise<RecipientCard> {
  const card = await readOwnCard(ceremony, name)
  if (card.kind !== 'recipient')
    throw new CeremonyError(
      'STATE_LOST',
      `${cardPath(ceremony, name)} is of another key than the one that was made`,
    )
  return card
}

/** Makes the key with which the desk signs its acknowledgements. */
export async function makeDeskKey(
  ceremony: Ceremony,
  state: CeremonyState,
): Promise<CeremonyState> {
  ceremony.guide.say(
    'The desk signs its acknowledgements, so that the server may forget what was collected.',
  )
  await makeOnce(
    ceremony,
    deskName,
    { secret: ceremony.folders.desk, secretSuffix: '.key' },
    async (passphrase) => {
      const made = makeSigningKey(deskName, 'acknowledgement', passphrase, ceremony.stretching)
      const secret = made.files.find(({ suffix }) => suffix === '.key')?.content
      // Needed once more in this run, to sign the first index of answers.
      if (typeof secret === 'string') ceremony.deskKey.hold(secret, passphrase)
      return made
    },
  )
  return { ...state, desk: deskName }
}

/**
 * Takes the card of the key with which the server signs exports; the secret key stays on the
 * server.
 */
export async function takeServerCard(
  ceremony: Ceremony,
  state: CeremonyState,
): Promise<CeremonyState> {
  ceremony.guide.say(
    'Ops made it on the server: tumen keys new server --purpose export --no-passphrase. Only server.card.json comes here.',
  )
  const card = await askUntil(
    ceremony,
    "Path of the server's card; only Enter: it is added later (tumen keyring add)\n> ",
    async (path) => {
      if (path === '') return null
      const brought = await ceremony.guide.readCard(path)
      if (brought.kind !== 'signer' || brought.purpose !== 'export')
        throw refused(`${path} is of a key for something else: make it with --purpose export`)
      refuseTaken(state, brought.name)
      return brought
    },
  )
  if (card !== null) await replaceFile(cardPath(ceremony, card.name), formatCard(card))
  return { ...state, server: card?.name ?? null }
}

export function cardPath({ folders }: Pick<Ceremony, 'folders'>, name: string): string {
  return join(folders.cards, `${name}.card.json`)
}

/**
 * Reads a card of this ceremony.
 * @throws CeremonyError `STATE_LOST`.
 */
export async function readOwnCard(ceremony: Ceremony, name: string): Promise<Card> {
  const path = cardPath(ceremony, name)
  const bytes = await readBounded(path, maxCardBytes)
  if (bytes === null)
    throw new CeremonyError('STATE_LOST', `${path} is missing: it was there when its step was done`)
  return parseCard(bytes)
}

/**
 * Makes a key, unless it exists already. The card is written last, so a key with a card is
 * complete. Files without a card come from a run that was killed; they were never in a keyring and
 * are deleted.
 */
async function makeOnce(
  ceremony: Ceremony,
  name: string,
  place: { secret: string; secretSuffix: string },
  make: (passphrase: Secret) => Promise<MadeKeys>,
): Promise<Card> {
  if ((await readBounded(cardPath(ceremony, name), 1)) !== null) {
    ceremony.guide.say(`The key of ${name} is there from before: it is kept.`)
    return await readOwnCard(ceremony, name)
  }
  for (const suffix of [place.secretSuffix, '.pub'])
    await rm(join(place.secret, name + suffix), { force: true })
  const passphrase = await ceremony.guide.newPassphrase(name)
  try {
    const { files, card } = await make(passphrase)
    await writeKeyFiles(place.secret, name, {
      files: files.filter(({ suffix }) => suffix !== '.card.json'),
    })
    await replaceFile(cardPath(ceremony, name), formatCard(card))
    return card
  } finally {
    passphrase.wipe()
  }
}

/**
 * Refuses a name that is already in use: all cards are in one folder, whatever kind of key they are
 * for.
 */
function refuseTaken(state: CeremonyState, name: string): string {
  const problem = nameProblem(name) ?? fileNameProblem(name)
  if (problem !== null) throw refused(`it ${problem}`)
  const taken = [rootName, deskName, ...state.analysts.map((analyst) => analyst.name)]
  if (taken.some((other) => nameKey(other) === nameKey(name)))
    throw refused(`${name} is there already: choose another name`)
  return name
}

function readRole(answer: string): string {
  const role = answer === '' ? 'analyst' : answer
  const problem = nameProblem(role)
  if (problem !== null) throw refused(`it ${problem}`)
  return role
}

function readCount(
  answer: string,
  otherwise: number,
  [min, max]: readonly [number, number],
): number {
  if (answer === '') return Math.min(otherwise, max)
  const count = /^\d{1,3}$/.test(answer) ? Number(answer) : -1
  if (count < min || count > max) throw refused(`a number from ${min} to ${max}`)
  return count
}

function refused(why: string): CeremonyError {
  return new CeremonyError('REFUSED', why)
}
