import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { listenAddress } from '../../../config/parsers.ts'
import { isNear, settingsTable } from '../../../config/settings.ts'
import { realPlaces } from '../../doctor/finding.ts'
import { writeNewFile } from '../../disk/small-files.ts'
import { keyringFileName } from '../../keyring/load.ts'
import { defineCommand } from '../frame/command.ts'
import type { CliContext } from '../frame/context.ts'
import { printJson, printLine, printNote, resolvePath } from '../frame/context.ts'
import { printFinding } from './doctor.ts'
import { failure, usageError } from '../frame/errors.ts'
import { today } from '../frame/keyring-folder.ts'
import {
  type Answers,
  askDataDir,
  askFrontPage,
  askLargest,
  askNotes,
  askWay,
  type Given,
} from './answers.ts'
import { type Ask, confirm, createAsk } from './ask.ts'
import { examineBefore, isInTheWay, type SetupFinding } from './checks.ts'
import {
  type Change,
  changesBetween,
  readAll,
  readSettingsFile,
  writeSettingsFile,
} from './settings-file.ts'
import { likelyWay, type Way, type WayName, ways } from './ways-to-run.ts'

const tokenBytes = 32

export const command = defineCommand({
  name: 'setup',
  summary: 'check this machine, ask what it cannot find out, and write the settings file',
  usage: '[--run compose|systemd|hand] [--yes] [--json]',
  help: `Enter takes what stands in brackets. Settings of an earlier run stay as they are unless an answer changes them; what
would change is shown, and nothing is replaced without a yes. A password is asked for unseen and never shown.
It stops at what must be mended first: see the lines that begin with "bad". --yes asks nothing.

Exit status 0: the file is as it should be. 1: something is in the way, or the answer was no.`,
  options: {
    run: { type: 'string', value: 'WAY', about: 'compose, systemd or hand' },
    'data-dir': { type: 'string', value: 'DIR', about: 'where the data lies, when run by hand' },
    'max-bytes': {
      type: 'string',
      value: 'SIZE',
      about: 'the largest tip: digits, or with KiB, MiB or GiB',
    },
    notify: { type: 'string', value: 'KIND', about: 'none, webhook, ntfy or smtp; keep: as it is' },
    'notify-url-file': {
      type: 'string',
      value: 'FILE',
      about: 'its address, from the first line of FILE: it may hold a password',
    },
    'notify-from': { type: 'string', value: 'MAIL', about: 'who mailed notes come from' },
    'notify-to': { type: 'string', value: 'MAIL', about: 'who gets mailed notes' },
    'front-page': { type: 'boolean', about: 'say how the page on the open web is made' },
    'ops-listen': {
      type: 'string',
      value: 'PLACE',
      about: 'where ops listens, when run by hand; a token is made if others can reach it',
    },
    output: { type: 'string', short: 'o', value: 'FILE', about: 'write there instead' },
    yes: { type: 'boolean', about: 'ask nothing: take what is standard, and replace the file' },
    json: {
      type: 'boolean',
      about: 'print JSON; asks nothing, and replaces nothing without --yes',
    },
  },
  positionals: { min: 0, max: 0 },
  run: (context, values) => setUp(context, values),
})

export interface SetupValues extends Given {
  readonly 'ops-listen'?: string | undefined
  readonly output?: string | undefined
  readonly yes?: boolean | undefined
  readonly json?: boolean | undefined
}

interface Plan {
  readonly name: WayName
  readonly way: Way
  readonly envFile: string
  readonly before: ReadonlyMap<string, string> | null
  readonly after: ReadonlyMap<string, string>
  readonly changes: readonly Change[]
  readonly findings: readonly SetupFinding[]
  readonly dataDir: string
  readonly hasFrontPage: boolean
}

/** @param places folders to check; tests pass folders of a simulated machine. */
export async function setUp(
  context: CliContext,
  values: SetupValues,
  places = { ...realPlaces, log: '/var/log' },
): Promise<number> {
  const isAsking = values.yes !== true && values.json !== true
  const plan = await makePlan(context, createAsk(context, isAsking), values, places)
  const isFree = !plan.findings.some(isInTheWay)
  if (values.json !== true) for (const finding of plan.findings) printSetupFinding(context, finding)
  const isWritten = isFree && (await write(context, plan, values, isAsking))
  if (values.json === true)
    printJson(context, {
      run: plan.name,
      file: plan.envFile,
      written: isWritten,
      changes: plan.changes,
      findings: plan.findings,
      next: nextLines(plan),
    })
  else if (!isFree)
    printNote(
      context,
      `\nnothing was written to ${plan.envFile}: mend what is bad, then run setup again`,
    )
  else if (isWritten) for (const line of ['', ...nextLines(plan)]) printLine(context, line)
  return isWritten ? 0 : 1
}

async function makePlan(
  context: CliContext,
  ask: Ask,
  values: SetupValues,
  places: Parameters<typeof setUp>[2] & {},
): Promise<Plan> {
  const name = await askWay(ask, values, await likelyWay())
  const way = ways[name]
  const envFile = values.output === undefined ? way.envFile : resolvePath(context, values.output)
  const before = await readSettingsFile(envFile)
  const kept = before ?? new Map<string, string>()
  const dataDir = await askDataDir(context, ask, values, way, kept)
  const place: Answers = way.dataDir === null ? { [settingsTable.dataDir.name]: dataDir } : {}
  const answers = {
    ...way.written,
    ...place,
    ...(await askLargest(ask, values, kept)),
    ...(await askNotes(context, ask, values, kept)),
    ...opsAnswers(name, values, kept, envFile),
  }
  const after = new Map(
    [...new Map<string, string | undefined>([...kept, ...Object.entries(answers)])].filter(
      (entry): entry is [string, string] => (entry[1] ?? '') !== '',
    ),
  )
  const hasFrontPage = await askFrontPage(ask, values)
  const settings = readAll(after, way.given, envFile)
  const findings = await examineBefore({ name, way, settings, day: today(context), places })
  return {
    name,
    way,
    envFile,
    before,
    after,
    changes: changesBetween(kept, after),
    findings,
    dataDir,
    hasFrontPage,
  }
}

/**
 * Only this machine can reach ops by default. If others can reach the chosen address, every request
 * must carry a token.
 */
function opsAnswers(
  name: WayName,
  values: SetupValues,
  kept: ReadonlyMap<string, string>,
  envFile: string,
): Answers {
  const { opsListen, opsTokenFile } = settingsTable
  const given = values['ops-listen']
  if (given !== undefined && name !== 'hand')
    throw usageError(`--ops-listen is for --run hand: ${name} has a unix socket for ops`)
  const listen = given ?? kept.get(opsListen.name)
  if (name !== 'hand' || listen === undefined) return {}
  const parsed = listenAddress(listen)
  if ('problem' in parsed) throw usageError(`--ops-listen ${parsed.problem}`)
  const needsToken = !isNear(parsed.value) && !kept.has(opsTokenFile.name)
  return {
    [opsListen.name]: listen,
    ...(needsToken ? { [opsTokenFile.name]: join(dirname(envFile), 'ops.token') } : {}),
  }
}

/** @returns whether the file now has the planned content. */
async function write(
  context: CliContext,
  plan: Plan,
  values: SetupValues,
  isAsking: boolean,
): Promise<boolean> {
  const { envFile, before, after, changes } = plan
  if (before !== null && changes.length === 0) {
    if (values.json !== true) printNote(context, `\n${envFile} says so already`)
    return true
  }
  if (values.json !== true) printChanges(context, plan)
  if (
    before !== null &&
    values.yes !== true &&
    !(isAsking && (await confirm(context, `Replace ${envFile}?`)))
  ) {
    printNote(context, `${envFile} stays as it was`)
    return false
  }
  await makePlaces(plan)
  await writeSettingsFile(envFile, after, { mayReplace: before !== null }).catch(explain(envFile))
  if (values.json !== true) printNote(context, `wrote ${envFile}`)
  return true
}

/** Creates the data folder, accessible only to its user, and the token of ops. */
async function makePlaces({ way, dataDir, after, envFile }: Plan): Promise<void> {
  if (way.dataDir === null)
    await mkdir(dataDir, { recursive: true, mode: 0o700 }).catch(explain(dataDir))
  const tokenFile = after.get(settingsTable.opsTokenFile.name)
  if (tokenFile === undefined || existsSync(tokenFile)) return
  await mkdir(dirname(envFile), { recursive: true })
  await writeNewFile(tokenFile, `${randomBytes(tokenBytes).toString('base64')}\n`).catch(
    explain(tokenFile),
  )
}

function explain(path: string) {
  return (cause: NodeJS.ErrnoException): never => {
    if (cause.code === undefined) throw cause
    throw failure(
      `${path} cannot be written (${cause.code}): run this as a user who may, or name another place`,
      cause,
    )
  }
}

function printSetupFinding(context: CliContext, finding: SetupFinding): void {
  printFinding(
    context,
    finding.mended === null
      ? finding
      : { ...finding, level: 'ok', says: finding.mended, wayOut: null },
  )
}

function printChanges(context: CliContext, { envFile, before, changes }: Plan): void {
  printNote(context, `\n${before === null ? 'to be written to' : 'to be changed in'} ${envFile}:`)
  for (const { name, change, before: old, after } of changes) {
    const value = change === 'removed' ? old : after
    printNote(
      context,
      `  ${{ new: '+', changed: '~', removed: '-' }[change]} ${name}=${value ?? '(not shown)'}${change === 'changed' && old !== null ? `   was ${old}` : ''}`,
    )
  }
}

function nextLines({ name, way, envFile, dataDir, hasFrontPage }: Plan): string[] {
  const isClosed = name !== 'hand' && !existsSync(join(way.keysDir, keyringFileName))
  const ceremony = isClosed
    ? [`  (first the ceremony, keys/README.md: its for-server/ becomes ${way.keysDir})`]
    : []
  const frontPage = [
    '',
    'The page on the open web, once the address is known (best made for, and put on, another machine):',
    '  tumen front-page --onion ADDRESS -o front-page',
  ]
  return [
    'What to do next:',
    ...ceremony,
    ...way.next({ envFile, dataDir }).map((line) => `  ${line}`),
    ...(hasFrontPage ? frontPage : []),
  ]
}
