import type { ChildProcess } from 'node:child_process'
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { freePort, until } from '../supervise/start.ts'
import { readText, root } from '../docs/documents.ts'

/** The commands of the block that follows `<!-- NAME -->` in the README. */
function commandsOf(name: string): string {
  const block = new RegExp(`<!-- ${name} -->\n\`\`\`\n([\\s\\S]*?)\`\`\``).exec(
    readText('README.md'),
  )
  if (block?.[1] === undefined) throw new Error(`the README has no block ${name}`)
  return block[1]
}

/** Whether a fresh clone would contain the path. */
const isOfClone = (path: string): boolean => {
  const [top, second] = relative(root, path).split('/')
  if (top === 'keys') return second === undefined || second === 'README.md'
  return !['.git', 'node_modules', 'dist', 'var'].includes(top ?? '')
}

describe('the tour of the README, in a fresh clone', () => {
  const clone = mkdtempSync(join(tmpdir(), 'tumen-tour-'))
  let env: NodeJS.ProcessEnv = {}
  let server: ChildProcess
  let output = ''

  const git = (...args: string[]): string =>
    spawnSync('git', ['-C', clone, '-c', 'user.name=x', '-c', 'user.email=x@localhost', ...args], {
      encoding: 'utf8',
    }).stdout

  beforeAll(async () => {
    cpSync(root, clone, { recursive: true, filter: isOfClone })
    git('init', '-q')
    git('add', '-A')
    git('commit', '-q', '-m', 'clone')
    // Use what `npm start` would install and build from the folder under test.
    symlinkSync(join(root, 'node_modules'), join(clone, 'node_modules'))
    cpSync(join(root, 'dist'), join(clone, 'dist'), { recursive: true })
    env = {
      ...process.env,
      CI: 'true',
      TUMEN_LISTEN: `127.0.0.1:${await freePort()}`,
      TUMEN_OPS_LISTEN: `127.0.0.1:${await freePort()}`,
    }
    server = spawn('bash', ['-ec', `exec ${commandsOf('tour: server').trim()}`], {
      cwd: clone,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const take = (piece: Buffer): void => void (output += piece.toString())
    server.stdout?.on('data', take)
    server.stderr?.on('data', take)
    await until(
      () => output.includes('ready; Ctrl-C'),
      () => `npm start: ${output}`,
      80_000,
    )
  })

  afterAll(async () => {
    const gone = once(server, 'exit')
    server.kill('SIGTERM')
    await gone
    rmSync(clone, { recursive: true, force: true })
  })

  it.each(['the first time', 'again'])(
    'works as printed, %s',
    (_time) => {
      const { status, stdout, stderr } = spawnSync('bash', ['-ec', commandsOf('tour')], {
        cwd: clone,
        env,
        encoding: 'utf8',
      })
      expect({ status, stderr }).toMatchObject({ status: 0 })
      expect(stdout).toContain('opened ')
      expect(stdout).toMatch(/^1 of 1 envelope collected$/mu)
      expect(stderr).toMatch(/to read the casebook, open \/.+\/casebook\/index\.html in a browser/)
    },
    300_000,
  )

  it('leaves nothing that git does not ignore', () => {
    expect(git('status', '--porcelain').replace('?? node_modules\n', '')).toBe('')
  })
})
