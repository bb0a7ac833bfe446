import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { appendFileSync, statSync, truncateSync, utimesSync, writeFileSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { whileUnchanged } from '../../../src/cli/tip/attachments.ts'
import { makeMachine } from '../../support/machine.ts'
import { makeTempDir } from '../../support/temp-dir.ts'
import { tumenPath } from '../support/run-tumen.ts'

async function openedFile(name: string) {
  const path = join(await makeTempDir(), name)
  writeFileSync(path, 'a statement')
  const handle = await open(path, 'r')
  onTestFinished(() => handle.close())
  return { path, name: basename(path), handle }
}

describe('whileUnchanged', () => {
  it.each<[string, (path: string) => void]>([
    ['grows', (path) => appendFileSync(path, '!')],
    ['shrinks', (path) => truncateSync(path, 1)],
    ['has other bytes of the same length', (path) => writeFileSync(path, 'a statemenT')],
    [
      'is changed by a program that sets the time back',
      (path) => {
        const { atime, mtime } = statSync(path)
        writeFileSync(path, 'a statemenT')
        utimesSync(path, atime, mtime)
      },
    ],
  ])('refuses what was sealed from a file that %s, and names it', async (_how, change) => {
    const [one, two] = [await openedFile('one.txt'), await openedFile('two.txt')]
    const sealing = whileUnchanged([one, two], async () => change(two.path))
    await expect(sealing).rejects.toThrow('two.txt changed while it was sealed')
  })

  it('names the file that became shorter, so that sealing failed', async () => {
    const file = await openedFile('one.txt')
    const sealing = whileUnchanged([file], async () => {
      writeFileSync(file.path, 'a')
      throw new Error('a file could not be read to its end')
    })
    await expect(sealing).rejects.toThrow('one.txt changed while it was sealed')
  })

  it('passes on why sealing failed if no file changed', async () => {
    const sealing = whileUnchanged([await openedFile('one.txt')], async () => {
      throw new Error('the pipe was closed')
    })
    await expect(sealing).rejects.toThrow('the pipe was closed')
  })

  it('returns what was sealed from files that only others read', async () => {
    const file = await openedFile('one.txt')
    expect(await whileUnchanged([file], async () => 'sealed')).toBe('sealed')
  })
})

describe('tumen seal to a pipe', () => {
  it('fails if a file changes between its digest and its sealing', async () => {
    const machine = await makeMachine()
    writeFileSync(machine.at('video.mp4'), Buffer.alloc(20_000_000, 'video'))
    const args = [tumenPath, 'seal', '--narrative', 'x', 'video.mp4']
    const program = spawn(process.execPath, args, { cwd: machine.dir, env: machine.env })
    let stderr = ''
    program.stderr.on('data', (text) => (stderr += text))
    // The digest is complete when the first bytes arrive; the rest does not fit into the pipe.
    await once(program.stdout, 'readable')
    writeFileSync(machine.at('video.mp4'), Buffer.alloc(20_000_000, 'photo'))
    program.stdout.resume()
    const [status] = (await once(program, 'close')) as [number]
    expect(stderr).toContain('video.mp4 changed while it was sealed: try again')
    expect(status).toBe(1)
  })
})
