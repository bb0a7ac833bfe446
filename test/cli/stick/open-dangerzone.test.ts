import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { primitives } from '../../support/ceremony.ts'
import type { Machine } from '../../support/machine.ts'
import { makeMachine } from '../../support/machine.ts'
import { fileOf, plainTip, sealWhole, sha256 } from '../../support/sealed.ts'
import { digestsOfTip } from '../../support/tree.ts'
import { commandDay, runHere } from '../support/run-here.ts'

/**
 * A stand-in for Dangerzone. It accepts the same arguments, records them, and fails for a file
 * whose name contains `broken`.
 */
const standIn = `#!${process.execPath}
const { appendFileSync, copyFileSync } = require('node:fs')
const args = process.argv.slice(2)
appendFileSync(__dirname + '/calls', JSON.stringify(args) + '\\n')
if (args[0] === '--version') process.exit(0)
if (args.length !== 4 || args[0] !== '--output-filename' || args[2] !== '--' || args[3].includes('broken')) process.exit(3)
copyFileSync(args[3], args[1])
`

let machine: Machine
let receipt = ''
beforeEach(async () => {
  machine = await makeMachine(commandDay)
  // The stand-in is the only program in PATH.
  vi.stubEnv('PATH', machine.at('bin'))
  const files = ['--output.pdf', '$(touch ran).jpg', '사진.JPG', 'broken.docx', 'video.mp4'].map(
    (name) => fileOf(name, Buffer.from(name)),
  )
  receipt = await machine.store(await sealWhole(primitives, machine.recipients, plainTip, files))
  expect(await runHere(machine, ['export', 'stick'])).toMatchObject({ status: 0 })
  mkdirSync(machine.at('bin'))
})

afterEach(() => void vi.unstubAllEnvs())

const open = (...args: string[]) =>
  runHere(machine, ['open', 'stick', '-i', machine.identityPath, '--casebook', 'casebook', ...args])
const install = () => writeFileSync(machine.at('bin', 'dangerzone-cli'), standIn, { mode: 0o755 })
const calls = () =>
  readFileSync(machine.at('bin', 'calls'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as string[])
const copies = () => readdirSync(machine.at('casebook', 'working', receipt)).sort()

describe('tumen open --dangerzone', () => {
  describe('when it is not installed', () => {
    it('says so, and opens nothing', async () => {
      expect(await open('--dangerzone')).toMatchObject({
        status: 1,
        stdout: '',
        stderr: expect.stringMatching(
          /^tumen: dangerzone-cli cannot be started: install Dangerzone/,
        ),
      })
      expect(existsSync(machine.at('casebook'))).toBe(false)
    })
  })

  describe('when it is installed', () => {
    beforeEach(install)

    it('makes a copy of each document and picture, and names those it could not make', async () => {
      const done = await open('--dangerzone')
      expect(done).toMatchObject({ status: 1, stdout: 'opened 1, already there 0\n' })
      expect(done.stderr).toContain('Dangerzone made 3 copies, in working/; 1 it could not make\n')
      expect(done.stderr).toContain(
        `  ${receipt}: attachments/broken.docx: it ended with status 3\n`,
      )
      expect(copies()).toEqual(['$(touch ran).jpg.pdf', 'output.pdf.pdf', '사진.JPG.pdf'])
    })

    it('gives it absolute paths behind --, through no shell', async () => {
      await open('--dangerzone')
      for (const [option, target, end, source] of calls().slice(1)) {
        expect([option, end]).toEqual(['--output-filename', '--'])
        for (const path of [target, source])
          expect(path?.startsWith(machine.at('casebook'))).toBe(true)
      }
      expect(existsSync(machine.at('ran')) || existsSync('/ran')).toBe(false)
    })

    it('leaves the originals unchanged, and records what it made', async () => {
      await open('--dangerzone')
      const tip = await digestsOfTip(machine.at('casebook', 'tips', receipt))
      expect(tip['attachments/사진.JPG']).toBe(sha256(Buffer.from('사진.JPG')))
      const log = readFileSync(machine.at('casebook', 'custody.jsonl'), 'utf8')
      expect(log).toContain(
        `"action":"attachment_converted","item":"working/${receipt}/사진.JPG.pdf","sha256":"${sha256(Buffer.from('사진.JPG'))}"`,
      )
      expect(await runHere(machine, ['verify', 'casebook'])).toMatchObject({
        status: 0,
        stderr: '',
      })
      writeFileSync(machine.at('casebook', 'working', receipt, '사진.JPG.pdf'), 'changed')
      expect(await runHere(machine, ['verify', 'casebook'])).toMatchObject({
        status: 1,
        stderr: `working/${receipt}/사진.JPG.pdf: it was changed\n`,
      })
    })

    it('makes what is missing the next time, and nothing twice', async () => {
      await open()
      expect(existsSync(machine.at('bin', 'calls'))).toBe(false)
      await open('--dangerzone')
      const first = calls().length
      await open('--dangerzone')
      expect(calls().length - first).toBe(2)
    })
  })
})
