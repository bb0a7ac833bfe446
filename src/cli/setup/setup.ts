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
import {
  askReporting,
  type GivenReporting,
  type Reporting,
  securityPath,
  writeReporting,
} from './reporting.ts'
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
  help: `Press Enter to accept the value in brackets. Settings of an earlier run are kept unless an answer changes them. All
changes are shown first, and nothing is replaced without your consent. Passwords are not shown while you type them.
Setup stops at problems that must be fixed first: see the lines that begin with "bad". --yes asks no questions.
The address for reports of faults is written into this copy's SECURITY.md.

Exit status 0: the settings file is up to date. 1: a problem must be fixed first, or you answered no.`,
  options: {
    run: { type: 'string', value: 'WAY', about: 'compose, systemd or hand' },
    'data-dir': { type: 'string', value: 'DIR', about: 'the data folder, when run by hand' },
    'max-bytes': {
      type: 'string',
      value: 'SIZE',
      about: 'the largest tip: digits, or with KiB, MiB or GiB',
    },
    notify: {
      type: 'string',
      value: 'KIND',
      about: 'none, webhook, ntfy or smtp; keep: no change',
    },
    'notify-url-file': {
      type: 'string',
      value: 'FILE',
      about: 'reads its address, which may contain a password, from the first line of FILE',
    },
    'notify-from': { type: 'string', value: 'MAIL', about: 'the sender of mailed notes' },
    'notify-to': { type: 'string', value: 'MAIL', about: 'the recipients of mailed notes' },
    'front-page': { type: 'boolean', about: 'print how to make the page on the open web' },
    'ops-listen': {
      type: 'string',
      value: 'PLACE',
      about: 'address of ops, when run by hand; a token is made if other machines can reach it',
    },
    'report-to': {
      type: 'string',
      value: 'ADDRESS',
      about: 'where faults are reported, for SECURITY.md: a mail address or a link',
    },
    'report-recipient': {
      type: 'string',
      value: 'RECIPIENT',
      about: 'the age recipient that reports are sealed to, for SECURITY.md',
    },
    output: { type: 'string', short: 'o', value: 'FILE', about: 'write to this file instead' },
    yes: { type: 'boolean', about: 'ask nothing: accept the defaults, and replace the file' },
    json: {
      type: 'boolean',
      about: 'print JSON; asks nothing, and replaces nothing without --yes',
    },
  },
  positionals: { min: 0, max: 0 },
  run: (context, values) => setUp(context, values),
})

export interface SetupValues extends Given, GivenReporting {
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
  readonly reporting: Reporting
}

/** @param places folders to check; tests pass folders of a simulated machine. */
export async function setUp(
  context: CliContext,
  values: SetupValues,
  places = { ...realPlaces, log: '/var/log', security: securityPath },
): Promise<number> {
  const isAsking = values.yes !== true && values.json !== true
  const plan = await makePlan(context, createAsk(context, isAsking), values, places)
  const isFree = !plan.findings.some(isInTheWay)
  if (values.json !== true) for (const finding of plan.findings) printSetupFinding(context, finding)
  const isWritten = isFree && (await write(context, plan, values, isAsking))
  if (isWritten) await fillReporting(context, plan, values, places.security)
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
  const reporting = await askReporting(ask, values, places.security)
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
    reporting,
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

/** Writes where faults are reported into SECURITY.md, if an answer said so. */
async function fillReporting(
  context: CliContext,
  { reporting }: Plan,
  values: SetupValues,
  path: string,
): Promise<void> {
  if (reporting.text === null) return
  await writeReporting(path, reporting.text).catch(explain(path))
  if (values.json !== true) printNote(context, `wrote where faults are reported into ${path}`)
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

function nextLines({ name, way, envFile, dataDir, hasFrontPage, reporting }: Plan): string[] {
  const isClosed = name !== 'hand' && !existsSync(join(way.keysDir, keyringFileName))
  const ceremony = isClosed
    ? [`  (first the ceremony, keys/README.md: its for-server/ becomes ${way.keysDir})`]
    : []
  const frontPage = [
    '',
    'The page on the open web, once the address is known (best made for, and put on, another machine):',
    '  tumen front-page --onion ADDRESS -o front-page',
  ]
  const openPlace = reporting.isFilled
    ? []
    : [
        '  (SECURITY.md does not say yet where faults are reported: setup --report-to ADDRESS --report-recipient age1…)',
      ]
  return [
    'What to do next:',
    ...ceremony,
    ...way.next({ envFile, dataDir }).map((line) => `  ${line}`),
    ...(hasFrontPage ? frontPage : []),
    ...openPlace,
  ]
}
