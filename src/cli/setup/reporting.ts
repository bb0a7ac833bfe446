import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Parsed } from '../../../config/parsers.ts'
import { parseRecipient } from '../../age/keys.ts'
import { readBounded, replaceFile } from '../../disk/small-files.ts'
import { failure } from '../frame/errors.ts'
import type { Ask } from './ask.ts'

/** The document that says where faults are reported. */
export const securityPath = join(fileURLToPath(new URL('../../..', import.meta.url)), 'SECURITY.md')

const maxDocumentBytes = 256 * 1024
const maxAddressLength = 200
/** What the document holds until setup fills it in. */
const placeholders = { address: 'REPORTING-ADDRESS', recipient: 'REPORTING-RECIPIENT' } as const
const sentence = /Write to \*\*([^*]+)\*\*, sealed to this age recipient: \*\*([^*]+)\*\*\./
/** The sentences that are about placeholders. They leave the document with the last placeholder. */
const unfilledNote = / An organisation that publishes its own copy[\s\S]*?send it as a tip\./

/** Answers given on the command line. */
export interface GivenReporting {
  readonly 'report-to'?: string | undefined
  readonly 'report-recipient'?: string | undefined
}

export interface Reporting {
  /** The document with the answers filled in; null if nothing changes. */
  readonly text: string | null
  readonly isFilled: boolean
}

/**
 * Asks where faults are reported, as long as the document does not say so. An empty answer leaves
 * the placeholder. An answer given as an option also replaces an earlier one.
 */
export async function askReporting(
  ask: Ask,
  given: GivenReporting,
  path: string,
): Promise<Reporting> {
  const before = await readDocument(path)
  const [, address = '', recipient = ''] = before === null ? [] : (sentence.exec(before) ?? [])
  if (before === null || address === '') {
    if (given['report-to'] === undefined && given['report-recipient'] === undefined)
      return { text: null, isFilled: false }
    throw failure(`${path} has no sentence that says where to report: it cannot be filled in`)
  }
  const answers = {
    address: await answerOf(ask, 'report-to', given['report-to'], address),
    recipient: await answerOf(ask, 'report-recipient', given['report-recipient'], recipient),
  }
  const isFilled =
    answers.address !== placeholders.address && answers.recipient !== placeholders.recipient
  const filled = before.replace(
    sentence,
    () =>
      `Write to **${answers.address}**, sealed to this age recipient: **${answers.recipient}**.`,
  )
  const text = isFilled ? filled.replace(unfilledNote, '') : filled
  return { text: text === before ? null : text, isFilled }
}

/** Writes the filled-in document. */
export async function writeReporting(path: string, text: string): Promise<void> {
  await replaceFile(path, text, 0o644)
}

async function readDocument(path: string): Promise<string | null> {
  const bytes = await readBounded(path, maxDocumentBytes)
  return bytes === null ? null : new TextDecoder().decode(bytes)
}

const questions = {
  'report-to': {
    text: 'Where are faults of this software reported? (for SECURITY.md; Enter: later)',
    parse: parseAddress,
  },
  'report-recipient': {
    text: 'The age recipient that reports are sealed to? (Enter: later)',
    parse: parsePublicRecipient,
  },
} as const

async function answerOf(
  ask: Ask,
  option: keyof typeof questions,
  given: string | undefined,
  before: string,
): Promise<string> {
  const isOpen = Object.values<string>(placeholders).includes(before)
  if (given === undefined && !isOpen) return before
  const { text, parse } = questions[option]
  const answer = await ask({ option, text, standard: '', parse: orNothing(parse) }, given)
  return answer === '' ? before : answer
}

const orNothing =
  (parse: (text: string) => Parsed<unknown>) =>
  (text: string): Parsed<unknown> =>
    text === '' ? { value: text } : parse(text)

/** A mail address or a link. Nothing that Markdown would read as formatting. */
function parseAddress(text: string): Parsed<string> {
  const isPlain = /^[\w.+~:/?#@%&=-]+$/.test(text) && text.length <= maxAddressLength
  return isPlain && /@|:\/\//.test(text)
    ? { value: text }
    : { problem: `must be a mail address or a link of at most ${maxAddressLength} characters` }
}

function parsePublicRecipient(text: string): Parsed<string> {
  try {
    parseRecipient(text)
    return { value: text }
  } catch {
    return { problem: 'must be an age recipient: age1… or age1pq1…, never a secret key' }
  }
}
