import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { makeMachine, type Machine } from '../../support/machine.ts'
import { dayOfInstant } from '../../../src/time/day.ts'
import { Traced } from './trace.ts'

const preload = join(import.meta.dirname, 'plant.ts')
const repo = join(import.meta.dirname, '../../..')

/** The folders of a server and a desk, and a way to run our programs in them under strace. */
export interface Place extends Machine {
  readonly socket: string
  run(program: readonly string[], options?: RunOptions): Traced
  dispose(): Promise<void>
}

export interface RunOptions {
  env?: Record<string, string>
  /** Further options of Node. */
  nodeOptions?: readonly string[]
  straceOptions?: readonly string[]
}

export const intakeMain = ['src/server/main.ts']
export const workerMain = ['workers/main.ts']

/** From the sources, never from the bundle, because faults are planted in the sources. */
export const tumen = (...args: string[]): string[] => ['src/cli/main.ts', ...args]

/**
 * Makes a place without Redis: the intake gives receipts and the worker stores tips without it.
 * @param plant the sync to remove, in the format of `plant.ts`
 */
export async function makePlace(plant?: string): Promise<Place> {
  const dir = await mkdtemp(join(tmpdir(), 'tumen-durability-'))
  const machine = await makeMachine(dayOfInstant(new Date()), join(dir, 'site'))
  await mkdir(join(dir, 'traces'))
  const socket = join(dir, 'intake.sock')
  let runs = 0
  const planting = plant === undefined ? [] : [`--import=${preload}`]
  const settings = {
    ...machine.env,
    NODE_COMPILE_CACHE: join(repo, 'node_modules/.cache/node-compile'),
    ...(plant === undefined ? {} : { PLANT: plant }),
    TUMEN_LISTEN: `unix:${socket}`,
    TUMEN_REDIS_URL: `unix:${join(dir, 'no-redis.sock')}`,
    TUMEN_SWEEP_SECONDS: '1',
    TUMEN_RESERVE_BYTES: '0',
  }
  return {
    ...machine,
    socket,
    run([main = '', ...args], { env = {}, nodeOptions = [], straceOptions = [] } = {}) {
      runs += 1
      return new Traced({
        command: [process.execPath, join(repo, main), ...args],
        cwd: machine.dir,
        env: { ...settings, NODE_OPTIONS: [...planting, ...nodeOptions].join(' '), ...env },
        output: join(dir, 'traces', String(runs)),
        straceOptions,
      })
    },
    dispose: () => rm(dir, { recursive: true, force: true }),
  }
}
