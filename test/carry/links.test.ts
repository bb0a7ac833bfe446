import { mkdirSync, renameSync, symlinkSync } from 'node:fs'
import { spawnSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { readBackup } from '../../src/backup/read-backup.ts'
import { makeMachine, type Machine } from '../support/machine.ts'
import { primitives } from '../support/ceremony.ts'
import { plainTip, sealWhole } from '../support/sealed.ts'
import { commandDay, runHere } from '../cli/support/run-here.ts'

/** Moves a file elsewhere and puts a link to it, or a pipe, in its place. */
function replace(machine: Machine, path: string, kind: 'link' | 'pipe'): void {
  mkdirSync(machine.at('elsewhere'), { recursive: true })
  const aside = machine.at('elsewhere', path.replaceAll('/', '-'))
  renameSync(machine.at(path), aside)
  if (kind === 'link') symlinkSync(aside, machine.at(path))
  else expect(spawnSync('mkfifo', [machine.at(path)]).status).toBe(0)
}

async function makeTrip(): Promise<{ machine: Machine; run: Run }> {
  const machine = await makeMachine(commandDay)
  await machine.store(await sealWhole(primitives, machine.recipients, plainTip))
  const run: Run = (...args) => runHere(machine, args, { wait: async () => {} })
  expect((await run('export', 'stick')).status).toBe(0)
  return { machine, run }
}

type Run = (...args: string[]) => ReturnType<typeof runHere>

describe.each(['link', 'pipe'] as const)('a %s on the stick', (kind) => {
  it.each(['SHA256SUMS', 'SHA256SUMS.minisig'])('is not read as %s', async (name) => {
    const { machine, run } = await makeTrip()
    replace(machine, `stick/${name}`, kind)
    const { status, stderr } = await run('verify', 'stick')
    expect({ status, stderr }).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('no plain file'),
    })
  })

  it.each(['acknowledgement.json', 'acknowledgement.json.minisig'])(
    'is not read as %s by the server',
    async (name) => {
      const { machine, run } = await makeTrip()
      await run('open', 'stick', '-i', machine.identityPath, '--casebook', 'casebook')
      await run('acknowledge', 'stick', '--casebook', 'casebook', '--key', machine.deskKeyPath)
      replace(machine, `stick/${name}`, kind)
      const { status, stderr } = await run('acknowledge', 'stick')
      expect({ status, stderr }).toMatchObject({
        status: 1,
        stderr: expect.stringContaining('no plain file'),
      })
    },
  )
})

describe.each(['link', 'pipe'] as const)('a %s in a backup', (kind) => {
  it.each(['SHA256SUMS', 'SHA256SUMS.minisig'])('is not read as %s', async (name) => {
    const { machine, run } = await makeTrip()
    expect((await run('backup', 'backups')).status).toBe(0)
    replace(machine, `backups/${commandDay}/${name}`, kind)
    const options = { keysDir: machine.at('keys'), day: commandDay, mayBeUnsigned: false }
    await expect(readBackup(machine.at('backups', commandDay), options)).rejects.toMatchObject({
      code: 'NOT_A_FILE',
    })
  })
})
