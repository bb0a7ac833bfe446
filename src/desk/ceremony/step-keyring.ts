import { join } from 'node:path'

import { maxKeyFileBytes, maxKeyringBytes, maxOrganisationBytes } from '../../keyring/bounds.ts'
import { addDays, isDay } from '../../time/day.ts'
import { addCard, createKeyring, extend } from '../../keyring/edit.ts'
import { readBounded, replaceFile } from '../../disk/small-files.ts'
import { fingerprintGroups, signerDigest } from '../../keyring/fingerprint.ts'
import { formatKeyring, parseKeyring } from '../../keyring/keyring.ts'
import type { Keyring } from '../../keyring/keyring.ts'
import {
  keyringFileName,
  loadKeyring,
  readRoot,
  rootFileName,
  signatureFileName,
} from '../../keyring/load.ts'
import { cardDigest } from '../../keyring/make-keys.ts'
import {
  formatPublicKeyFile,
  formatPublicKeyLine,
  isEqual,
  parsePublicKey,
} from '../../keyring/minisign.ts'
import {
  loadOrganisation,
  organisationFileName,
  organisationSignatureName,
} from '../../keyring/load-organisation.ts'
import { makeFirstIndex } from '../../reply-store/first-index.ts'
import { repliesFolder } from '../../reply-store/layout.ts'
import { tipEdition } from '../../tip/schema-id.ts'
import { signKeyring, signOrganisation } from '../../keyring/sign.ts'
import { askUntil, confirm } from './ceremony.ts'
import type { Ceremony, Save } from './ceremony.ts'
import { CeremonyError } from './errors.ts'
import { readOwnCard, rootName } from './step-keys.ts'
import type { CeremonyState } from './state.ts'

const defaultValidDays = 365

/** Makes the keyring from all cards, without a signature yet. */
export async function beginKeyring(
  ceremony: Ceremony,
  state: CeremonyState,
): Promise<CeremonyState> {
  const { day, folders } = ceremony
  const usual = addDays(day, defaultValidDays)
  const expires = await askUntil(
    ceremony,
    `The last day the keyring is valid [${usual}]: `,
    (answer) => {
      if (answer === '') return usual
      if (!isDay(answer) || answer < day)
        throw new CeremonyError('REFUSED', `a day as YYYY-MM-DD, not before ${day}`)
      return answer
    },
  )
  let keyring = createKeyring({ day, expires })
  for (const name of namesIn(state))
    keyring = addCard(keyring, await readOwnCard(ceremony, name), {
      validFrom: day,
      validUntil: null,
    })
  await replaceFile(
    join(folders.server, rootFileName),
    formatPublicKeyFile(await readRootPublicKey(ceremony)),
  )
  await replaceFile(join(folders.server, keyringFileName), formatKeyring(keyring))
  ceremony.guide.say(
    `To say on the page who you are, run "tumen keyring organisation FILE --dir ${folders.server}" in another terminal before the step that signs.`,
  )
  return state
}

/**
 * The people compare fingerprints aloud: no program can check that each key is the one its owner
 * holds.
 */
export async function compareAloud(
  ceremony: Ceremony,
  state: CeremonyState,
  save: Save,
): Promise<CeremonyState> {
  const { guide, day } = ceremony
  guide.say(
    'Each owner reads the eight groups of their fingerprint from their own card or screen; two people follow here.',
  )
  let current = state
  for (const name of [rootName, ...namesIn(state)]) {
    const fingerprint = fingerprintGroups(cardDigest(await readOwnCard(ceremony, name)))
    if (current.compared.some((done) => done.name === name && done.fingerprint === fingerprint))
      continue
    guide.say(`${name}:`)
    guide.showFingerprint(fingerprint)
    await confirm(
      ceremony,
      `Read aloud and heard the same, all eight groups of ${name}?`,
      `the key here is not the one of ${name}: do not sign it, bring its card anew into an empty folder`,
    )
    current = {
      ...current,
      compared: [
        ...current.compared.filter((done) => done.name !== name),
        { name, fingerprint, day },
      ],
    }
    await save(current)
  }
  return current
}

export async function signWithRoot(
  ceremony: Ceremony,
  state: CeremonyState,
): Promise<CeremonyState> {
  const {
    folders: { server },
    day,
    guide,
  } = ceremony
  const draft = await readDraft(ceremony)
  const issued = formatKeyring(extend(draft, { day, expires: draft.expires }))
  const key = await ceremony.rootKey.get()
  if (!isEqual(key.publicKey.key, (await readRoot(server)).root.key))
    throw new CeremonyError(
      'STATE_LOST',
      'root.key is not the key of root.pub: one of them was exchanged',
    )
  const organisation = await readBounded(join(server, organisationFileName), maxOrganisationBytes)
  if (organisation !== null)
    await replaceFile(
      join(server, organisationSignatureName),
      signOrganisation(organisation, key, day),
    )
  await replaceFile(join(server, keyringFileName), issued)
  await replaceFile(join(server, signatureFileName), signKeyring(issued, key))
  const { fingerprint } = await loadKeyring({ dir: server, day })
  guide.say(`Signed, and checked. The keyring is valid until ${draft.expires}.`)
  if ((await loadOrganisation(server)) !== null) guide.say('organisation.json is signed too.')
  await writeFirstIndex(ceremony)
  guide.showFingerprint(fingerprintGroups(fingerprint))
  return state
}

/**
 * The desk confirms the keyring in its first index of answers. Without it, the page could not tell
 * sources that staff confirmed the keys, and would offer no way back before the first trip.
 */
async function writeFirstIndex({ folders, day, guide, deskKey }: Ceremony): Promise<void> {
  guide.say(
    'Now the desk confirms this keyring: it signs a first, empty index of answers, which the page shows to sources.',
  )
  const { keyring, fingerprint } = await loadKeyring({ dir: folders.server, day })
  const index = makeFirstIndex({
    keyring,
    keyringSha256: fingerprint,
    organisationSha256: (await loadOrganisation(folders.server))?.sha256 ?? null,
    reads: tipEdition,
    key: await deskKey.get(),
    day,
  })
  if (index === null)
    throw new CeremonyError(
      'STATE_LOST',
      'desk.key is not the key of its card: one of them was exchanged',
    )
  const folder = join(folders.server, repliesFolder)
  await replaceFile(join(folder, index.name), index.bytes)
  await replaceFile(join(folder, `${index.name}.minisig`), index.signature)
}

/** Shows the fingerprints to publish, by which sources can tell the keyring from a forged one. */
export async function publishFingerprints(
  ceremony: Ceremony,
  state: CeremonyState,
): Promise<CeremonyState> {
  const {
    folders: { server },
    day,
    guide,
  } = ceremony
  const { root } = await readRoot(server)
  const { fingerprint } = await loadKeyring({ dir: server, day })
  guide.say(
    'Publish these two wherever your sources trust you already. The first stays for years, the second changes with every signing.',
  )
  guide.say(`  root     ${formatPublicKeyLine(root)}`)
  guide.say(
    `           ${fingerprintGroups(signerDigest({ public_key: formatPublicKeyLine(root) }))}`,
  )
  guide.say(`  keyring  ${fingerprintGroups(fingerprint)}`)
  await confirm(ceremony, 'Are both on paper?', 'write them down first')
  return state
}

/**
 * Reads the keyring before it is signed.
 * @throws CeremonyError `STATE_LOST`; KeyringError `INVALID`.
 */
async function readDraft({ folders }: Ceremony): Promise<Keyring> {
  const path = join(folders.server, keyringFileName)
  const bytes = await readBounded(path, maxKeyringBytes)
  if (bytes === null)
    throw new CeremonyError('STATE_LOST', `${path} is missing: it was there when its step was done`)
  return parseKeyring(bytes)
}

async function readRootPublicKey(ceremony: Ceremony) {
  const path = join(ceremony.folders.safe, `${rootName}.pub`)
  const bytes = await readBounded(path, maxKeyFileBytes)
  if (bytes === null)
    throw new CeremonyError('STATE_LOST', `${path} is missing: it was there when its step was done`)
  return parsePublicKey(new TextDecoder().decode(bytes))
}

function namesIn({ analysts, desk, server }: CeremonyState): string[] {
  return [...analysts.map(({ name }) => name), ...[desk, server].filter((name) => name !== null)]
}
