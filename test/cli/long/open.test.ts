import { mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { fileOf, plainTip, sealWhole } from '../../support/sealed.ts'
import { primitives } from '../../support/ceremony.ts'
import type { Machine } from '../../support/machine.ts'
import { makeMachine } from '../../support/machine.ts'
import { seededBytes } from '../../support/seeded.ts'
import { digestsOfTip } from '../../support/tree.ts'
import { signalTumen } from '../../support/watched.ts'
import { gather } from '../../age/pieces.ts'
import { commandDay } from '../support/run-here.ts'
import { runTumen } from '../support/run-tumen.ts'

let machine: Machine
beforeEach(async () => {
  machine = await makeMachine(commandDay)
})

const inCasebook = () => readdirSync(machine.at('casebook', 'tips')).sort()

describe('tumen open that is stopped in the middle of a large envelope', () => {
  const stop = (signal: NodeJS.Signals) => {
    mkdirSync(machine.at('casebook'))
    return signalTumen({
      cwd: machine.dir,
      args: ['open', 'stick', '-i', machine.identityPath, '--casebook', 'casebook'],
      env: machine.env,
      signal,
      folder: machine.at('casebook'),
      isTime: (name) => name.endsWith('video.mp4'),
    })
  }
  let receipt = ''
  let small: string[] = []
  beforeEach(async () => {
    machine = await makeMachine()
    const video = await gather(seededBytes('video', 30 * 1024 * 1024))
    receipt = await machine.store(
      await sealWhole(primitives, machine.recipients, plainTip, [fileOf('video.mp4', video)]),
    )
    small = [await machine.store(await sealWhole(primitives, machine.recipients)), receipt].sort()
    expect((await runTumen(machine.dir, ['export', 'stick'], machine.env)).status).toBe(0)
  })

  it('by SIGKILL, the tip is not in the casebook, and the next run puts it there', async () => {
    expect(await stop('SIGKILL')).toMatchObject({ signal: 'SIGKILL' })
    expect(inCasebook()).not.toContain(receipt)
    const done = await runTumen(
      machine.dir,
      ['open', 'stick', '-i', machine.identityPath, '--casebook', 'casebook'],
      machine.env,
    )
    expect(done).toMatchObject({ status: 0 })
    expect(inCasebook()).toEqual(small)
    expect(Object.keys(await digestsOfTip(machine.at('casebook', 'tips', receipt)))).toEqual([
      join('attachments', 'video.mp4'),
      'tip.json',
    ])
  })

  it('by SIGINT, no plaintext of it stays', async () => {
    expect(await stop('SIGINT')).toMatchObject({ status: null, signal: 'SIGINT' })
    expect(inCasebook().filter((name) => name.includes(receipt))).toEqual([])
  })
})
