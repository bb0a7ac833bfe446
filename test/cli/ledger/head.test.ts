import { spawnSync } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openLedger } from '../../../src/ledger/writer.ts'
import { formatPublicKeyLine, parseSecretKey } from '../../../src/keyring/minisign.ts'
import { addDays } from '../../../src/time/day.ts'
import { makeMachine } from '../../support/machine.ts'
import { runHere } from '../support/run-here.ts'

/** A ledger with one line on each of two days, today and the day before. */
async function withLedger() {
  // The day of the context that runHere gives to a command.
  const machine = await makeMachine('2026-11-23')
  const { day } = machine
  for (const [n, one] of [addDays(day, -1), day].entries()) {
    const ledger = await openLedger({
      path: machine.at('var', 'ledger.jsonl'),
      clock: { now: () => new Date(`${one}T12:00:00Z`) },
    })
    await ledger.append('stored', String(n).repeat(64), 10)
    await ledger.close()
  }
  return machine
}

describe('tumen ledger head', () => {
  it('signs where the ledger ended yesterday, as minisign can check', async () => {
    const machine = await withLedger()
    const { status } = await runHere(machine, ['ledger', 'head', machine.at('heads')])
    expect(status).toBe(0)
    const day = addDays(machine.day, -1)
    const file = machine.at('heads', `ledger-head-${day}.json`)
    const lines = (await readFile(machine.at('var', 'ledger.jsonl'), 'utf8')).trim().split('\n')
    expect(JSON.parse(await readFile(file, 'utf8'))).toEqual({
      format: 'tumen-ledger-head',
      version: 1,
      day,
      lines: 1,
      head: (JSON.parse(lines[1] ?? '{}') as { prev: string }).prev,
    })
    const key = parseSecretKey(await readFile(machine.at('var', 'export.key'), 'utf8'))
    const checked = spawnSync('minisign', ['-Vm', file, '-P', formatPublicKeyLine(key.publicKey)])
    expect(checked.status).toBe(0)
  })

  it('prints the head of today with --day, and refuses a day in the future', async () => {
    const machine = await withLedger()
    const { stdout } = await runHere(machine, ['ledger', 'head', '--day', machine.day, '--json'])
    expect(JSON.parse(stdout)).toMatchObject({ day: machine.day, lines: 2 })
    const later = await runHere(machine, ['ledger', 'head', '--day', addDays(machine.day, 1)])
    expect(later.status).not.toBe(0)
  })

  it('signs nothing when the ledger was changed', async () => {
    const machine = await withLedger()
    const path = join(machine.at('var'), 'ledger.jsonl')
    await writeFile(path, (await readFile(path, 'utf8')).replace('"bytes":10', '"bytes":11'))
    const { status, stderr } = await runHere(machine, ['ledger', 'head', machine.at('heads')])
    expect(status).toBe(1)
    expect(stderr).toContain('does not follow')
  })
})
