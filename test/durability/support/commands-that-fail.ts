import { spawnSync } from 'node:child_process'
import { readdirSync, rmSync } from 'node:fs'
import { expect } from 'vitest'
import { exists, type FailingCommand, type Run } from './failing-commands.ts'

/** Runs a command that must succeed. */
async function mustRun({ tumen }: Run, ...args: string[]): Promise<void> {
  const { status, stderr } = await tumen(...args)
  expect({ status, stderr }).toMatchObject({ status: 0 })
}

const openStick = (at: Run['at']): string[] => [
  'open',
  'stick',
  '-i',
  at('var', 'demo', 'demo.identity'),
  '--casebook',
  'casebook',
]

const acknowledgeStick = (at: Run['at']): string[] => [
  'acknowledge',
  'stick',
  '--casebook',
  'casebook',
  '--key',
  at('var', 'demo', 'desk.key'),
]

async function prepareDesk(run: Run): Promise<void> {
  await mustRun(run, 'export', 'stick')
  await mustRun(run, ...openStick(run.at))
}

/** The stick is back at the server. */
async function prepareReturn(run: Run): Promise<void> {
  await prepareDesk(run)
  await mustRun(run, ...acknowledgeStick(run.at))
}

const namesIn = (folder: string): string[] => (exists(folder) ? readdirSync(folder) : [])
const receiptIn = (at: Run['at'], folder: string): string | undefined =>
  namesIn(at('var', folder)).find((name) => name.endsWith('.age'))

const isWholeFolder = (folder: string): boolean =>
  spawnSync('sha256sum', ['--check', '--quiet', 'SHA256SUMS'], { cwd: folder }).status === 0

const days = /^\d{4}-\d\d-\d\d/

export const commands = {
  export: {
    prepare: async () => {},
    args: () => ['export', 'stick'],
    isThere: (at) => exists(at('stick', 'SHA256SUMS.minisig')),
    isComplete: async ({ tumen }) => (await tumen('verify', 'stick')).status === 0,
  },
  acknowledgeOnServer: {
    prepare: async (run) => {
      await prepareReturn(run)
      rmSync(run.at('stick', 'replies'), { recursive: true })
    },
    hasWorker: true,
    args: () => ['acknowledge', 'stick'],
    isThere: (at) => receiptIn(at, 'collected') !== undefined,
    isComplete: async ({ at }) => receiptIn(at, 'collected') !== undefined,
  },
  backup: {
    prepare: async () => {},
    args: () => ['backup', 'backups'],
    isThere: (at) => namesIn(at('backups')).some((name) => days.test(name)),
    isComplete: async ({ at }) => {
      const [name] = namesIn(at('backups')).filter((each) => days.test(each))
      return name !== undefined && isWholeFolder(at('backups', name))
    },
  },
} as const satisfies Record<string, FailingCommand>
