import { readdirSync, rmSync } from 'node:fs'
import { beforeEach, describe, expect, it } from 'vitest'
import { primitives } from '../../support/ceremony.ts'
import { type Machine, makeMachine } from '../../support/machine.ts'
import { sealWhole } from '../../support/sealed.ts'
import { commandDay, runHere } from '../support/run-here.ts'

let machine: Machine
beforeEach(async () => {
  machine = await makeMachine(commandDay)
  for (let number = 0; number < 3; number += 1)
    await machine.store(await sealWhole(primitives, machine.recipients), 'collected')
})

const collected = () => readdirSync(machine.at('var', 'collected'))
const requests = () => readdirSync(machine.at('var', 'discards'))

/** Runs the command next to a worker that does something at some of the waits. */
async function freeSpace(work: (waits: number) => void) {
  let waits = 0
  return await runHere(machine, ['free-space', '--yes'], { wait: async () => work(++waits) })
}

/** The worker's part: deletes one, and with the last one the request. */
function deleteOne(): void {
  const [name = ''] = collected()
  rmSync(machine.at('var', 'collected', name))
  if (collected().length === 0) rmSync(machine.at('var', 'discards', 'collected'))
}

describe('tumen free-space', () => {
  it('waits for a slow worker as long as it deletes something', async () => {
    // One envelope in each interval of 15 seconds, with 5 polls a second.
    const slowly = (waits: number) => void (waits % 70 === 0 && deleteOne())
    expect(await freeSpace(slowly)).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(/^deleted 3 envelopes /),
    })
    expect(collected()).toEqual([])
  })

  it('withdraws the request when the worker deletes nothing', async () => {
    expect(await freeSpace(() => {})).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('the worker deletes nothing: see "tumen status"'),
    })
    expect(collected()).toHaveLength(3)
    expect(requests()).toEqual([])
  })

  it('withdraws the request when the worker stops halfway', async () => {
    expect(await freeSpace((waits) => void (waits === 1 && deleteOne()))).toMatchObject({
      status: 1,
    })
    expect(collected()).toHaveLength(2)
    expect(requests()).toEqual([])
  })
})
