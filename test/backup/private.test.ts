import { chmodSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { runProgram, tumenPath } from '../cli/support/run-tumen.ts'
import { makeMachine } from '../support/machine.ts'
import { makeEnvelope } from '../workers/envelopes.ts'

/** Paths below a folder to which group or others have any access. */
function openToOthers(folder: string): string[] {
  return ['.', ...readdirSync(folder, { recursive: true, encoding: 'utf8' })].filter(
    (name) => (statSync(join(folder, name)).mode & 0o077) !== 0,
  )
}

describe('a backup', () => {
  it('is for its owner alone, whatever the umask and the rights of the originals', async () => {
    const machine = await makeMachine()
    const receipt = await machine.store(makeEnvelope().bytes)
    chmodSync(machine.at('var/sealed', `${receipt}.age`), 0o644)
    const script = `umask 0; exec "${process.execPath}" "${tumenPath}" backup backups --with-export-key`
    // The second backup shares files with the first.
    for (const _time of ['first', 'second'])
      expect(await runProgram('sh', machine.dir, ['-c', script], machine.env)).toMatchObject({
        status: 0,
      })
    expect(openToOthers(machine.at('backups'))).toEqual([])
  })
})
