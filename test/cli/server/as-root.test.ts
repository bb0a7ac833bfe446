import { lchownSync, lstatSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { makeMachine } from '../../support/machine.ts'
import { primitives } from '../../support/ceremony.ts'
import { sealWhole } from '../../support/sealed.ts'
import { commandDay, runHere } from '../support/run-here.ts'

const isRoot = process.getuid?.() === 0
/** A user id that is not assigned on any machine. */
const service = 54_321

/**
 * Files and folders in `dir` that belong to root, so that the services' user could neither write
 * nor remove them.
 */
function ofRoot(dir: string): string[] {
  return readdirSync(dir, { recursive: true, encoding: 'utf8' })
    .filter((name) => lstatSync(join(dir, name)).uid === 0)
    .sort()
}

describe.skipIf(!isRoot)('commands that root runs on the data folder of another user', () => {
  it('leave no file there that root owns', async () => {
    const machine = await makeMachine(commandDay)
    await machine.store(await sealWhole(primitives, machine.recipients))
    const deadLetter = 'ab'.repeat(32)
    const run = async (...args: string[]) => {
      const { status, stderr } = await runHere(machine, args)
      expect([args[0], status, stderr]).toEqual([args[0], 0, expect.any(String)])
    }
    await run('queue', 'inspect')
    writeFileSync(machine.at('var', 'quarantine', `${deadLetter}.age`), 'x')
    for (const name of [
      '',
      ...readdirSync(machine.at('var'), { recursive: true, encoding: 'utf8' }),
    ])
      lchownSync(machine.at('var', name), service, service)

    await run('export', 'stick')
    await run('open', 'stick', '--identity', machine.identityPath, '--casebook', 'casebook')
    await run('acknowledge', 'stick', '--casebook', 'casebook', '--key', machine.deskKeyPath)
    await run('acknowledge', 'stick')
    await run('drain')
    await run('queue', 'discard', deadLetter.slice(0, 12), '--yes')
    await run('backup', machine.at('backup'))
    expect(ofRoot(machine.at('var'))).toEqual([])
    expect(readdirSync(machine.at('var'))).toEqual(
      expect.arrayContaining(['marks', 'acknowledgements', 'draining', 'discards']),
    )
  })
})
if (!isRoot) console.warn('skipped: commands run by root, because this is not root')
