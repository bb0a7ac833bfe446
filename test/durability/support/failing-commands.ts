import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { Unit } from '../../faults/site.ts'
import { sourceWith } from '../../desk/replies/talking-desk.ts'
import { primitives } from '../../support/ceremony.ts'
import { plainTip, sealWhole } from '../../support/sealed.ts'
import { makeMachine, type Machine } from '../../support/machine.ts'
import { replyGroupOf } from '../../../src/thread/thread.ts'
import { compileCache } from '../../support/compile-cache.ts'
import { type Finished, runTumen } from '../../cli/support/run-tumen.ts'
import { diskErrors } from './inject.ts'

const preload = join(import.meta.dirname, 'fail-call.ts')

/** A command that writes to a disk, in a folder that is made once and copied for each run. */
export interface FailingCommand {
  args: (at: Machine['at']) => string[]
  /** The calls of a thread fail instead of those of the main thread. */
  failIn?: 'threads'
  /** Number of tips in the vault; 1 if it is left out. */
  tips?: number
  /** Whether a real worker runs beside the command, and takes in what it hands over. */
  hasWorker?: boolean
  /** Runs the commands that come before it. */
  prepare: (run: Run) => Promise<void>
  /** Whether what the command made can be relied on, by the commands that a person would type. */
  isComplete: (run: Run) => Promise<boolean>
  /** Whether something of it is there that looks as if it could be relied on. */
  isThere: (at: Machine['at']) => boolean
}

export interface Run {
  at: Machine['at']
  tumen: (...args: string[]) => Promise<Finished>
}

export interface MadeFail {
  /** The call that failed; null if the command makes fewer calls. */
  call: string | null
  problems: string[]
}

/** The folder of one command, before its first run. */
export async function prepareCommand(command: FailingCommand): Promise<Machine> {
  const machine = await makeMachine()
  for (let number = 1; number <= (command.tips ?? 1); number += 1) {
    const reply = replyGroupOf(sourceWith(number), 'ko')
    await machine.store(await sealWhole(primitives, machine.recipients, { ...plainTip, reply }))
  }
  await command.prepare(runIn(machine.dir))
  return machine
}

function runIn(dir: string, env: Record<string, string> = {}): Run {
  const at = (...parts: string[]): string => join(dir, ...parts)
  const settings = {
    TUMEN_DATA_DIR: at('var'),
    TUMEN_KEYS_DIR: at('keys'),
    NODE_COMPILE_CACHE: compileCache,
    ...env,
  }
  return { at, tumen: (...args) => runTumen(dir, args, settings) }
}

async function startWorker(site: string): Promise<Unit> {
  const unit = new Unit('workers/main.ts', {
    PATH: process.env['PATH'],
    NODE_COMPILE_CACHE: compileCache,
    TUMEN_DATA_DIR: join(site, 'var'),
    TUMEN_KEYS_DIR: join(site, 'keys'),
    TUMEN_REDIS_URL: `unix:${join(site, 'no-redis.sock')}`,
    TUMEN_SWEEP_SECONDS: '1',
    TUMEN_RESERVE_BYTES: '0',
  })
  unit.start()
  await unit.untilReady()
  return unit
}

/**
 * Lets the `number`th call of a command fail, and the errors take turns. Then the same command is
 * run again without a fault.
 */
export async function failCommand(
  command: FailingCommand,
  original: string,
  number: number,
): Promise<MadeFail> {
  const dir = await mkdtemp(join(tmpdir(), 'tumen-failing-'))
  const site = join(dir, 'site')
  const log = join(dir, 'calls')
  try {
    spawnSync('cp', ['-a', original, site])
    const error = diskErrors[number % diskErrors.length] ?? 'EIO'
    const env = {
      NODE_OPTIONS: `--import=${preload}`,
      FAIL_CALL: `${number}:${error}`,
      FAIL_UNDER: site,
      FAIL_LOG: log,
      FAIL_IN: command.failIn ?? 'main',
    }
    const worker = command.hasWorker === true ? await startWorker(site) : null
    onTestFinished(() => worker?.kill())
    const failing = await runIn(site, env).tumen(...command.args(runIn(site).at))
    const calls = readFileSync(log, 'utf8').trimEnd().split('\n')
    if (calls.length < number) {
      await worker?.kill()
      return { call: null, problems: [] }
    }
    const problems = await judge(command, failing, runIn(site))
    await worker?.kill()
    return { call: `${number}: ${error} in ${calls.at(-1)}`, problems }
  } finally {
    await rm(dir, { recursive: true, force: true })
  }
}

/** What happened, and that the same command can be run again. */
const saysWayOut =
  /^tumen: .*\b(i\/o error|no space left|disk quota exceeded|read-only file system)\b.*: .*\bagain\b.*\n$/im

async function judge(command: FailingCommand, { status, stderr }: Finished, run: Run) {
  const problems: string[] = []
  if (status === 0 && !(await command.isComplete(run))) problems.push('it says that all went well')
  if (status !== 0 && !saysWayOut.test(stderr)) problems.push(`it says ${stderr}`)
  if (/internal error|\.ts:\d+|\n {4}at /.test(stderr)) problems.push(`it says ${stderr}`)
  if (status !== 0 && command.isThere(run.at) && !(await command.isComplete(run)))
    problems.push('something half-made is kept')
  if (status === 0) return problems
  const again = await run.tumen(...command.args(run.at))
  if (again.status !== 0) problems.push(`the next try fails: ${again.stderr}`)
  else if (!(await command.isComplete(run))) problems.push('the next try is not complete')
  return problems
}

export const exists = (path: string): boolean => existsSync(path)
