import { mkdirSync, readdirSync } from 'node:fs'
import { beforeEach, describe, expect, it } from 'vitest'
import type { Machine } from '../../support/machine.ts'
import { migrateDataFolder } from '../../../src/store/data-folder.ts'
import { makeMachine } from '../../support/machine.ts'
import { digestsBelow } from '../../support/tree.ts'
import { signalTumen } from '../../support/watched.ts'
import { makeEnvelope } from '../../workers/envelopes.ts'
import { commandDay } from '../support/run-here.ts'
import { runTumen } from '../support/run-tumen.ts'

let machine: Machine
beforeEach(async () => {
  machine = await makeMachine(commandDay)
  await migrateDataFolder(machine.at('var'), new Date(commandDay))
})

describe('tumen export that is stopped in the middle', () => {
  const receipts: string[] = []
  beforeEach(async () => {
    machine = await makeMachine()
    await migrateDataFolder(machine.at('var'), new Date())
    receipts.length = 0
    for (let n = 0; n < 12; n += 1)
      receipts.push(await machine.store(makeEnvelope(4_000_000).bytes))
    mkdirSync(machine.at('usb'))
  })

  const stop = (signal: NodeJS.Signals) =>
    signalTumen({
      cwd: machine.dir,
      args: ['export', 'usb/stick'],
      env: machine.env,
      folder: machine.at('usb'),
      signal,
      isTime: (name) => name.endsWith('.age'),
    })

  it('by SIGKILL is no export, and is done again into another folder', async () => {
    expect(await stop('SIGKILL')).toMatchObject({ signal: 'SIGKILL' })
    expect(readdirSync(machine.at('usb', 'stick'))).not.toContain('SHA256SUMS.minisig')
    expect(await runTumen(machine.dir, ['verify', 'usb/stick'], machine.env)).toMatchObject({
      status: 1,
      stdout: '',
      stderr: expect.stringContaining('not finished'),
    })
    expect(await runTumen(machine.dir, ['export', 'usb/stick'], machine.env)).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('not empty: name a new folder'),
    })
    expect(await runTumen(machine.dir, ['export', 'usb/second'], machine.env)).toMatchObject({
      status: 0,
      stderr: '',
    })
    expect(
      Object.keys(await digestsBelow(machine.at('usb', 'second'))).filter((path) =>
        path.endsWith('.age'),
      ),
    ).toEqual(receipts.map((receipt) => `${receipt}.age`).sort())
  })

  it.each(['SIGINT', 'SIGTERM'] as const)('by %s leaves nothing behind', async (signal) => {
    const vault = await digestsBelow(machine.at('var'))
    expect(await stop(signal)).toMatchObject({ status: null, signal })
    expect(readdirSync(machine.at('usb'))).toEqual([])
    expect(await digestsBelow(machine.at('var'))).toEqual(vault)
  })
})
