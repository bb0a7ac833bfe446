import { createHash } from 'node:crypto'

import { adviseOn, warnDays } from '../../keyring/advice.ts'
import type { Advice } from '../../keyring/advice.ts'
import type { Day } from '../../time/day.ts'
import { addDays } from '../../time/day.ts'
import { KeyringError } from '../../keyring/errors.ts'
import type { KeyringErrorCode } from '../../keyring/errors.ts'
import { fingerprintGroups, recipientDigest, signerDigest } from '../../keyring/fingerprint.ts'
import { isActiveOn, recipientsOn } from '../../keyring/keyring.ts'
import type { Keyring, RecipientEntry, SignerEntry } from '../../keyring/keyring.ts'
import { loadKeyring } from '../../keyring/load.ts'
import { loadOrganisation } from '../../keyring/load-organisation.ts'
import { defineCommand } from '../frame/command.ts'
import { printJson, printLine, printNote } from '../frame/context.ts'
import { dirOption, keyringDir, readDraft, today } from '../frame/keyring-folder.ts'

const jsonOption = { json: { type: 'boolean', about: 'print JSON' } } as const

type State = 'nominal' | Lowercase<KeyringErrorCode>

interface Verdict {
  readonly state: State
  readonly message: string
  readonly fingerprint: string | null
  readonly organisation: OrganisationVerdict
}

/** `missing` is allowed; every other state but `nominal` is an error. */
interface OrganisationVerdict {
  readonly state: State
  readonly message: string
}

export const keyringVerify = defineCommand({
  name: 'keyring verify',
  summary: 'check that tips may be sealed to the keyring today',
  usage: '[--dir DIR] [--json]',
  help: `Exit status 0: nominal. 1: missing, unsigned, tampered, expired, root_missing, invalid, not_yet or no_recipients.
organisation.json is checked too. It may be missing, but if it is there it must be signed: else the status is 1.`,
  options: { ...dirOption, ...jsonOption },
  positionals: { min: 0, max: 0 },
  async run(context, values) {
    const dir = await keyringDir(context, values.dir)
    const verdict = {
      ...(await judge(dir, today(context))),
      organisation: await judgeOrganisation(dir),
    }
    if (values.json === true) printJson(context, verdict)
    else printVerdict(context, verdict)
    const { organisation } = verdict
    const isGood = ['nominal', 'missing'].includes(organisation.state)
    return verdict.state === 'nominal' && isGood ? 0 : 1
  },
})

export const keyringShow = defineCommand({
  name: 'keyring show',
  summary: 'show the people, their validity and fingerprints',
  usage: '[--dir DIR] [--json]',
  help: 'Also shows a keyring that is not signed yet: the first line gives its state.',
  options: { ...dirOption, ...jsonOption },
  positionals: { min: 0, max: 0 },
  async run(context, values) {
    const dir = await keyringDir(context, values.dir)
    const day = today(context)
    const { keyring, bytes } = await readDraft(dir)
    const { state } = await judge(dir, day)
    const fingerprint = fingerprintGroups(createHash('sha256').update(bytes).digest())
    const shown = describeKeyring({ keyring, day, state, fingerprint })
    if (values.json === true) printJson(context, shown)
    else for (const line of formatShown(shown)) printLine(context, line)
    return 0
  },
})

async function judgeOrganisation(dir: string): Promise<OrganisationVerdict> {
  try {
    const loaded = await loadOrganisation(dir)
    if (loaded !== null)
      return {
        state: 'nominal',
        message: `organisation.json is signed, in ${Object.keys(loaded.organisation.languages).join(', ')}`,
      }
    const message =
      'there is no organisation.json: the page cannot say who you are. Make one with "tumen keyring organisation FILE"'
    return { state: 'missing', message }
  } catch (error) {
    if (!(error instanceof KeyringError)) throw error
    return { state: error.code.toLowerCase() as State, message: error.message }
  }
}

async function judge(dir: string, day: Day): Promise<Omit<Verdict, 'organisation'>> {
  try {
    const { keyring, fingerprint } = await loadKeyring({ dir, day })
    const count = recipientsOn(keyring, day).length
    const soon = keyring.expires < addDays(day, warnDays) ? ': sign it again soon' : ''
    const message = `${keyring.demo ? 'DEMO keyring, ' : ''}signed, ${count} in force, valid until ${keyring.expires}${soon}`
    return { state: 'nominal', message, fingerprint: fingerprintGroups(fingerprint) }
  } catch (error) {
    if (!(error instanceof KeyringError)) throw error
    return { state: error.code.toLowerCase() as State, message: error.message, fingerprint: null }
  }
}

function printVerdict(
  context: Parameters<typeof printLine>[0] & Parameters<typeof printNote>[0],
  verdict: Verdict,
): void {
  const line = `${verdict.state}: ${verdict.message}`
  if (verdict.state !== 'nominal') printNote(context, `tumen: ${line}`)
  else {
    printLine(context, line)
    printLine(context, `fingerprint ${verdict.fingerprint ?? ''}`)
  }
  const { organisation } = verdict
  if (organisation.state === 'nominal') printLine(context, organisation.message)
  else printNote(context, `tumen: organisation ${organisation.state}: ${organisation.message}`)
}

interface ShownPerson {
  readonly name: string
  readonly what: string
  readonly in_force: boolean
  readonly valid_from: Day
  readonly valid_until: Day | null
  readonly retired: Day | null
  readonly fingerprint: string
}

interface ShownKeyring {
  readonly state: State
  readonly demo: boolean
  readonly issued: Day
  readonly expires: Day
  readonly fingerprint: string
  readonly recipients: readonly ShownPerson[]
  readonly signers: readonly ShownPerson[]
  /** What should be done soon. */
  readonly advice: readonly Advice[]
}

function describeKeyring(seen: {
  keyring: Keyring
  day: Day
  state: State
  fingerprint: string
}): ShownKeyring {
  const { keyring, day, state, fingerprint } = seen
  const { demo, issued, expires } = keyring
  const person = (
    entry: RecipientEntry | SignerEntry,
    what: string,
    digest: Uint8Array,
  ): ShownPerson => {
    const { name, valid_from, valid_until, retired } = entry
    return {
      name,
      what,
      in_force: isActiveOn(entry, day),
      valid_from,
      valid_until,
      retired,
      fingerprint: fingerprintGroups(digest),
    }
  }
  return {
    state,
    demo,
    issued,
    expires,
    fingerprint,
    recipients: keyring.recipients.map((entry) =>
      person(entry, entry.role, recipientDigest(entry)),
    ),
    signers: keyring.signers.map((entry) => person(entry, entry.purpose, signerDigest(entry))),
    advice: adviseOn(keyring, day),
  }
}

function formatShown(shown: ShownKeyring): string[] {
  return [
    `${shown.demo ? 'DEMO keyring' : 'keyring'}: ${shown.state}, issued ${shown.issued}, valid until ${shown.expires}`,
    `fingerprint ${shown.fingerprint}`,
    'recipients:',
    ...shown.recipients.flatMap(formatPerson),
    'signers:',
    ...shown.signers.flatMap(formatPerson),
    ...(shown.advice.length === 0 ? [] : ['soon:', ...shown.advice.map(({ text }) => `  ${text}`)]),
  ]
}

function formatPerson(person: ShownPerson): string[] {
  const until = person.valid_until === null ? '' : ` until ${person.valid_until}`
  const retired = person.retired === null ? '' : `, retired ${person.retired}`
  const state = person.in_force ? 'in force' : 'not in force'
  return [
    `  ${person.name} (${person.what}): ${state}, from ${person.valid_from}${until}${retired}`,
    `    ${person.fingerprint}`,
  ]
}
