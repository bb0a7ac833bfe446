import { existsSync } from 'node:fs'
import { copyFile, mkdir } from 'node:fs/promises'
import { spawn, spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { once } from 'node:events'
import { describe, expect, it } from 'vitest'

import { makeTempDir, runProgram, runTumen, tumenPath } from './support/run-tumen.ts'

const oldNode = ['/usr/bin/node', '/usr/local/bin/node'].find(
  (path) => existsSync(path) && majorOf(path) < 24,
)
if (oldNode === undefined)
  console.warn('skipped: bin/tumen.mjs under an older Node, because there is none on this machine')

function majorOf(node: string): number {
  return Number(
    spawnSync(node, ['-p', 'process.versions.node.split(".")[0]'], { encoding: 'utf8' }).stdout,
  )
}

describe('bin/tumen.mjs', () => {
  it('runs under a Node that runs TypeScript', async () => {
    const { status, stdout, stderr } = await runTumen('/', ['--version'])
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
    expect(stdout).toMatch(/^tumen \d+\.\d+\.\d+\n$/)
  })

  it('ends quietly when the reader of its output closes the pipe', async () => {
    const { stdout, stderr } = await runProgram('sh', '/', [
      '-c',
      `${process.execPath} ${tumenPath} --help | true; echo done`,
    ])
    expect({ stdout, stderr }).toEqual({ stdout: 'done\n', stderr: '' })
  })

  describe.runIf(oldNode !== undefined)('under an older Node', () => {
    const old = oldNode ?? ''

    it('starts the Node of the lock file, and passes arguments and exit status on', async () => {
      expect((await runProgram(old, '/', [tumenPath, '--version'])).stdout).toMatch(/^tumen /)
      const wrong = await runProgram(old, '/', [tumenPath, 'keyring', 'verfy'])
      expect(wrong.status).toBe(2)
      expect(wrong.stderr).toContain('did you mean verify?')
    })

    it('says what to run when no Node is found', async () => {
      const root = await makeTempDir()
      await mkdir(join(root, 'bin'))
      await copyFile(tumenPath, join(root, 'bin', 'tumen.mjs'))
      const { status, stderr } = await runProgram(old, root, ['bin/tumen.mjs', '--version'])
      expect(status).toBe(1)
      expect(stderr).toContain('run `npm start` or `npm run build`')
      expect(stderr.trim().split('\n')).toHaveLength(1)
    })

    it('passes a signal on, and returns its status', async () => {
      const dir = await makeTempDir()
      spawnSync('mkfifo', [join(dir, 'pipe')])
      // Blocks in open(), waiting for a writer, until the signal arrives.
      const child = spawn(old, [tumenPath, 'keys', 'show', 'pipe'], {
        cwd: dir,
        stdio: ['ignore', 'ignore', 'pipe'],
      })
      await untilChildOf(child.pid ?? 0)
      child.kill('SIGTERM')
      const [status] = (await once(child, 'exit')) as [number | null]
      expect(status).toBe(143)
    })
  })
})

/** Resolves when the process has a child that installed its signal handlers (SigCgt in /proc). */
async function untilChildOf(pid: number): Promise<void> {
  const { readFileSync } = await import('node:fs')
  const sigterm = 1n << 14n
  for (;;) {
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8')
      .trim()
      .split(' ')
      .filter((text) => text !== '')
    const caught = children.map(
      (child) =>
        /SigCgt:\s*([0-9a-f]+)/.exec(readFileSync(`/proc/${child}/status`, 'utf8'))?.[1] ?? '0',
    )
    if (caught.some((mask) => (BigInt(`0x${mask}`) & sigterm) !== 0n)) return
    await new Promise((resolve) => setImmediate(resolve))
  }
}
