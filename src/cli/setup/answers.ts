import type { Parsed } from '../../../config/parsers.ts'
import { writableValue } from '../../../config/env-file.ts'
import { settingsTable } from '../../../config/settings.ts'
import { readBounded } from '../../disk/small-files.ts'
import type { CliContext } from '../frame/context.ts'
import { resolvePath } from '../frame/context.ts'
import { failure, usageError } from '../frame/errors.ts'
import type { Ask } from './ask.ts'
import type { Way, WayName } from './ways-to-run.ts'
import { wayNames, ways } from './ways-to-run.ts'

/** Answers given on the command line. */
export interface Given {
  readonly run?: string | undefined
  readonly 'data-dir'?: string | undefined
  readonly 'max-bytes'?: string | undefined
  readonly notify?: string | undefined
  readonly 'notify-url-file'?: string | undefined
  readonly 'notify-from'?: string | undefined
  readonly 'notify-to'?: string | undefined
  readonly 'front-page'?: boolean | undefined
}

const notifyKinds = ['none', 'webhook', 'ntfy', 'smtp'] as const
type NotifyKind = (typeof notifyKinds)[number]

const channels = {
  webhook: settingsTable.notifyWebhook,
  ntfy: settingsTable.notifyNtfy,
  smtp: settingsTable.notifySmtp,
} as const
const notifyNames = [
  settingsTable.notifyWebhook,
  settingsTable.notifyNtfy,
  settingsTable.notifySmtp,
  settingsTable.notifyFrom,
  settingsTable.notifyTo,
].map(({ name }) => name)
const maxUrlBytes = 2048

/** Settings to write; undefined removes a setting. */
export type Answers = Readonly<Record<string, string | undefined>>

type Kept = ReadonlyMap<string, string>

export async function askWay(ask: Ask, given: Given, likely: WayName): Promise<WayName> {
  const answer = await ask(
    {
      option: 'run',
      text: 'How is Tumen run?',
      standard: likely,
      parse: oneOf(wayNames),
      hints: wayNames.map((name) => `  ${name.padEnd(8)} ${ways[name].about}`),
    },
    given.run,
  )
  return wayNames.find((name) => name === answer) ?? likely
}

/**
 * The absolute path of the data folder. @throws CliError `USAGE` if it is given but cannot be
 * chosen.
 */
export async function askDataDir(
  context: CliContext,
  ask: Ask,
  given: Given,
  way: Way,
  kept: Kept,
): Promise<string> {
  if (way.dataDir !== null) {
    if (given['data-dir'] !== undefined)
      throw usageError(`--data-dir cannot be chosen: mount your disk at ${way.diskDir}`)
    return way.dataDir
  }
  const standard = kept.get(settingsTable.dataDir.name) ?? way.diskDir
  return resolvePath(
    context,
    await ask(
      {
        option: 'data-dir',
        text: 'Where does the data lie? (an encrypted disk)',
        standard,
        parse: both(settingsTable.dataDir.parse, writableValue),
      },
      given['data-dir'],
    ),
  )
}

export async function askLargest(ask: Ask, given: Given, kept: Kept): Promise<Answers> {
  const { name, parse } = settingsTable.maxBytes
  return {
    [name]: await ask(
      { option: 'max-bytes', text: 'The largest tip?', standard: kept.get(name) ?? '2GiB', parse },
      given['max-bytes'],
    ),
  }
}

/**
 * Asks who gets notes and by which channel. Existing settings are kept unless an answer changes
 * them.
 */
export async function askNotes(
  context: CliContext,
  ask: Ask,
  given: Given,
  kept: Kept,
): Promise<Answers> {
  const isThere = Object.values(channels).some(({ name }) => kept.has(name))
  const choices = isThere ? ['keep', ...notifyKinds] : notifyKinds
  const answer = await ask(
    {
      option: 'notify',
      text: 'Notes to staff, through Tor?',
      standard: isThere ? 'keep' : 'none',
      parse: oneOf(choices),
      hints: [`  ${choices.join(', ')}. They say how the server is, whatever happens.`],
    },
    given.notify,
  )
  if (answer === 'keep') return {}
  const nothing = Object.fromEntries(notifyNames.map((name) => [name, undefined]))
  const kind = notifyKinds.find((known) => known === answer) ?? 'none'
  return kind === 'none'
    ? nothing
    : { ...nothing, ...(await askChannel(context, ask, given, kind)) }
}

async function askChannel(
  context: CliContext,
  ask: Ask,
  given: Given,
  kind: Exclude<NotifyKind, 'none'>,
): Promise<Answers> {
  const { name, unit, parse } = channels[kind]
  const file = given['notify-url-file']
  const url = await ask(
    {
      option: 'notify-url-file',
      text: `Its address, ${unit}`,
      standard: '',
      parse: both(parse, writableValue),
      isSecret: true,
    },
    file === undefined ? undefined : await readFirstLine(context, file),
  )
  if (kind !== 'smtp') return { [name]: url }
  const { notifyFrom, notifyTo } = settingsTable
  const from = await ask(
    { option: 'notify-from', text: 'Mailed from?', standard: '', parse: notifyFrom.parse },
    given['notify-from'],
  )
  const to = await ask(
    { option: 'notify-to', text: 'Mailed to?', standard: from, parse: notifyTo.parse },
    given['notify-to'],
  )
  return { [name]: url, [notifyFrom.name]: from, [notifyTo.name]: to }
}

export async function askFrontPage(ask: Ask, given: Given): Promise<boolean> {
  const answer = given['front-page'] === undefined ? undefined : given['front-page'] ? 'yes' : 'no'
  return (
    (await ask(
      {
        option: 'front-page',
        text: 'A page on the open web that sends people to the onion?',
        standard: 'no',
        parse: oneOf(['yes', 'no']),
        hints: ['  Whoever opens it shows that to their network. It can be made later, too.'],
      },
      answer,
    )) === 'yes'
  )
}

async function readFirstLine(context: CliContext, file: string): Promise<string> {
  const bytes = await readBounded(resolvePath(context, file), maxUrlBytes + 2)
  if (bytes === null)
    throw failure(`${file} is missing: it should hold the address (--notify-url-file)`)
  return new TextDecoder().decode(bytes).split(/\r?\n/)[0] ?? ''
}

function oneOf(names: readonly string[]) {
  return (text: string): Parsed<string> =>
    names.includes(text) ? { value: text } : { problem: `must be one of ${names.join(', ')}` }
}

function both(parse: (text: string) => Parsed<unknown>, more: (text: string) => Parsed<unknown>) {
  return (text: string): Parsed<unknown> => {
    const parsed = parse(text)
    return 'problem' in parsed ? parsed : more(text)
  }
}
