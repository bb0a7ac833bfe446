import { once } from 'node:events'
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { describe, expect, it, onTestFinished } from 'vitest'
import { removeLeftovers } from '../../../src/desk/opening/leftovers.ts'
import { createTipFolder } from '../../../src/desk/opening/tip-folder.ts'
import { makeTempDir } from '../../support/temp-dir.ts'

/** Writes one attachment after the other until the folder is removed. */
const writer = `
  const { parentPort, workerData } = require('node:worker_threads')
  const { writeFileSync } = require('node:fs')
  try {
    for (let at = 0; ; at += 1) {
      writeFileSync(workerData + '/' + at, 'plaintext')
      if (at === 100) parentPort.postMessage('busy')
    }
  } catch (error) {
    parentPort.postMessage(error.code)
  }`

describe('removeLeftovers', () => {
  it('removes what is half-made, and nothing else', async () => {
    const casebook = await makeTempDir()
    for (const name of ['tips/.partial-a/attachments', 'tips/whole', 'originals', 'aside'])
      mkdirSync(join(casebook, name), { recursive: true })
    for (const name of [
      'tips/.partial-a/attachments/1',
      'tips/whole/tip.json',
      'originals/.partial-a',
      'aside/.a.json.tmp',
      'aside/a.json',
    ])
      writeFileSync(join(casebook, name), 'x')
    removeLeftovers(casebook)
    const left = [
      'tips/.partial-a',
      'tips/whole/tip.json',
      'originals/.partial-a',
      'aside/.a.json.tmp',
      'aside/a.json',
    ].filter((name) => existsSync(join(casebook, name)))
    expect(left).toEqual(['tips/whole/tip.json', 'aside/a.json'])
  })

  it('leaves no folder in which more of the tip could be made', async () => {
    const casebook = await makeTempDir()
    const tip = await createTipFolder(join(casebook, 'tips', 'a'.repeat(64)))
    removeLeftovers(casebook)
    await expect(tip.createFile('attachments/1')).rejects.toMatchObject({ code: 'ENOENT' })
    expect(readdirSync(join(casebook, 'tips'))).toEqual([])
  })

  it.each(Array.from({ length: 20 }, (_, at) => at))(
    'takes it away from under a thread that goes on writing (%d)',
    async () => {
      const casebook = await makeTempDir()
      const folder = join(casebook, 'tips', '.partial-a')
      mkdirSync(folder, { recursive: true })
      const thread = new Worker(writer, { eval: true, workerData: folder })
      onTestFinished(async () => void (await thread.terminate()))
      await once(thread, 'message')
      removeLeftovers(casebook)
      expect(existsSync(folder)).toBe(false)
      expect(await once(thread, 'message')).toEqual(['ENOENT'])
    },
  )
})
