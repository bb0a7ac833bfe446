import { Readable } from 'node:stream'
import { loadSettings } from '../../../config/settings.ts'
import type { CliContext } from '../../../src/cli/frame/context.ts'
import { dispatch } from '../../../src/cli/frame/dispatch.ts'
import { commandTable } from '../../../src/cli/table.ts'
import type { Machine } from '../../support/machine.ts'
import { fakeContext } from './fake-context.ts'
import type { Finished } from './run-tumen.ts'

/** The day on which `fakeContext` runs commands. */
export const commandDay = '2026-11-23'

/**
 * Runs a command line in this process, in a machine's folders and with a fixed clock. This is
 * faster than starting a process.
 */
export async function runHere(
  machine: Pick<Machine, 'dir' | 'env'>,
  args: readonly string[],
  change: Partial<CliContext> & {
    input?: string | Uint8Array
    moreEnv?: Record<string, string>
  } = {},
): Promise<Finished> {
  const { input, moreEnv, ...context } = change
  const fake = fakeContext({
    cwd: machine.dir,
    settings: async () => loadSettings({ ...machine.env, ...moreEnv }),
    stdin: Readable.from(input === undefined ? [] : [Buffer.from(input)]),
    ...context,
  })
  const status = await dispatch({ table: commandTable, version: '0' }, fake, args)
  return { status, ...fake.written }
}
