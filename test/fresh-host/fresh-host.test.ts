import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const document = readFileSync('docs/operations.md', 'utf8')

/** What a root file system without a kernel of its own cannot do. */
const needsMachine = /^(?:swapoff|timedatectl|systemctl|systemd-analyze|cat \/run)\b/

const canRun = process.getuid?.() === 0 && spawnSync('debootstrap', ['--version']).status === 0
if (!canRun) console.warn('skipped: the fresh host, which takes root and debootstrap')

/** The first block of commands below a heading, without comments. */
function commandsBelow(heading: string): string[] {
  const [, below = ''] = document.split(`\n${heading}\n`)
  const [, block = ''] = /```\n([\s\S]*?)```/.exec(below) ?? []
  return block
    .split('\n')
    .map((line) => line.replace(/\s+# .*$/, ''))
    .filter((line) => line !== '')
}

describe.runIf(canRun)('the recipe of docs/operations.md on a bare Debian 12', () => {
  let root = ''

  beforeAll(() => {
    root = mkdtempSync(join(tmpdir(), 'tumen-fresh-'))
    // Other users than root go through it.
    chmodSync(root, 0o755)
    const made = spawnSync('debootstrap', ['--variant=minbase', 'bookworm', root])
    expect(made.status, String(made.stdout)).toBe(0)
    for (const name of ['proc', 'dev']) mount(name)
    for (const name of ['/etc/resolv.conf', '/etc/hosts']) copyFileSync(name, join(root, name))
    // No service may start in here.
    writeFileSync(join(root, 'usr/sbin/policy-rc.d'), '#!/bin/sh\nexit 101\n', { mode: 0o755 })
    // What is committed, and nothing else: a checkout's own node_modules would hide what is
    // missing.
    const clone = spawnSync('git', ['clone', '-q', process.cwd(), join(root, 'source')])
    expect(clone.status, String(clone.stderr)).toBe(0)
  }, 600_000)

  afterAll(() => {
    for (const name of ['dev', 'proc']) spawnSync('umount', ['-l', join(root, name)])
    rmSync(root, { recursive: true, force: true })
  }, 600_000)

  function mount(name: string): void {
    expect(spawnSync('mount', ['--bind', `/${name}`, join(root, name)]).status).toBe(0)
  }

  /** One script, so that a `cd` holds for the lines below it. */
  function run(commands: readonly string[]): void {
    const script = commands.filter((line) => !needsMachine.test(line)).join('\n')
    const { status, stdout, stderr } = spawnSync(
      'chroot',
      [root, '/bin/sh', '-euxc', script.replaceAll('<this repository>', '/source')],
      { encoding: 'utf8', env: environment(), maxBuffer: 64 * 1024 ** 2 },
    )
    expect(status, `${stdout.slice(-2000)}\n${stderr.slice(-4000)}`).toBe(0)
  }

  /** The certificate of a proxy, where this machine has one; nothing else of its settings. */
  function environment(): NodeJS.ProcessEnv {
    const env = {
      PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
      DEBIAN_FRONTEND: 'noninteractive',
      APT_LISTCHANGES_FRONTEND: 'none',
    }
    const certificates = process.env.NODE_EXTRA_CA_CERTS
    if (certificates === undefined) return env
    copyFileSync(certificates, join(root, 'etc/ssl-of-the-test.crt'))
    return { ...env, NODE_EXTRA_CA_CERTS: '/etc/ssl-of-the-test.crt' }
  }

  it('builds the page with the npm of Debian, makes the users, and installs the units', () => {
    const answersYes = (line: string): string => line.replace(/apt-get install /g, '$&-y ')
    run(commandsBelow('## A fresh host').map(answersYes))
    const [systemd, setup] = split(commandsBelow('### As services of systemd').map(answersYes))
    expect(setup.length).toBeGreaterThan(0)
    run(systemd)
    expect(existsSync(join(root, 'opt/tumen/dist/page/assets/app.js'))).toBe(true)
    expect(existsSync(join(root, 'opt/tumen/dist/page/assets/offline.js'))).toBe(true)
    expect(existsSync(join(root, 'etc/systemd/system/tumen-intake.service'))).toBe(true)
    expect(readFileSync(join(root, 'etc/passwd'), 'utf8')).toContain('tumen-tor:')
    run(['cd /opt/tumen', ...setup.map((line) => line.replace(/setup --run systemd$/, '$& --yes'))])
    expect(existsSync(join(root, 'etc/tumen/tumen.env'))).toBe(true)
    expect(readFileSync(join(root, 'var/lib/tumen/export.card.json'), 'utf8')).toContain('export')
  }, 1_500_000)
})

/** `tumen setup` asks: a test gives its answers, so its line is run by itself. */
function split(commands: readonly string[]): [string[], string[]] {
  const at = commands.findIndex((line) => line.includes('bin/tumen.mjs setup'))
  return [commands.slice(0, at), commands.slice(at)]
}
