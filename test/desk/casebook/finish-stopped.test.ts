import { readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { appendChanges } from '../../../src/desk/casebook/append-changes.ts'
import { tipLayoutOf } from '../../../src/desk/files/layout.ts'
import type { Actor } from '../../../src/desk/custody/record.ts'
import { verifyCasebook } from '../../../src/desk/custody/verify-casebook.ts'
import { refreshCasebook } from '../../../src/desk/view/refresh.ts'
import { plainTip } from '../../support/sealed.ts'
import { makeTempDir } from '../../support/temp-dir.ts'
import { makeCasebook } from '../support/make-casebook.ts'

let actor: Actor
let receipt = ''
const temporary = '.case.json.0123456789ab.tmp'
const at = (...parts: string[]) => join(actor.casebook, ...parts)
const caseProblems = async () =>
  (await verifyCasebook(actor.casebook, () => undefined)).problems.filter(
    ({ item, why }) =>
      !/^(?:originals|custody)/.test(item) && !/digest of it|custody log does not say/.test(why),
  )

beforeEach(async () => {
  const dir = await makeTempDir()
  actor = {
    casebook: dir,
    role: 'kim',
    tool: 'tumen 0',
    now: () => new Date('2017-11-06T09:00:00Z'),
  }
  receipt = (await makeCasebook(dir, [plainTip])).receipts[0] ?? ''
  await refreshCasebook(actor)
  await appendChanges(actor, receipt, [{ kind: 'note', text: 'first' }])
})

describe('refreshCasebook', () => {
  describe('when a program was killed in the middle of a change', () => {
    it('gives a change that is in the custody log its file', async () => {
      const { case: path, folder } = tipLayoutOf(actor.casebook, receipt)
      const before = readFileSync(path)
      await appendChanges(actor, receipt, [{ kind: 'note', text: 'second' }])
      const after = readFileSync(path)
      renameSync(path, join(folder, temporary))
      writeFileSync(path, before)
      expect(await caseProblems()).toHaveLength(2)
      const { views } = await refreshCasebook(actor)
      expect(readFileSync(path).equals(after)).toBe(true)
      expect(views[0]?.state.notes.map(({ text }) => text)).toEqual(['first', 'second'])
      expect(await caseProblems()).toEqual([])
    })

    it('removes a change that is in no log', async () => {
      const { case: path, folder } = tipLayoutOf(actor.casebook, receipt)
      const before = readFileSync(path)
      writeFileSync(join(folder, temporary), '{"half')
      await refreshCasebook(actor)
      expect(readFileSync(path).equals(before)).toBe(true)
      expect(readdirSync(folder)).not.toContain(temporary)
    })

    it('removes the file of a killed program that waited for a lock, and a half-made page', async () => {
      const litter = [
        '.lock.999999999-1.0123456789ab',
        '.lock.999999999-1.0123456789ab.stale',
        `.lock.${process.pid}-1.0123456789ab`,
        '.index.html.0123456789ab.tmp',
      ]
      for (const name of litter) writeFileSync(at(name), '')
      await refreshCasebook(actor)
      expect(readdirSync(actor.casebook).filter((name) => litter.includes(name))).toEqual([])
    })

    it('keeps the file of another program that is still waiting', async () => {
      const begin = readFileSync('/proc/self/stat', 'utf8')
        .replace(/^.*\) /, '')
        .split(' ')[19]
      const name = `.lock.${process.pid}-${begin}.0123456789ab`
      writeFileSync(at(name), '')
      await refreshCasebook(actor)
      expect(readdirSync(actor.casebook)).toContain(name)
    })
  })
})
