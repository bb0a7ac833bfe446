import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { chmod, cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { existsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

/** A separate checkout with a copy of the scripts, and a PATH with nothing but stand-ins. */
let checkout = ''
let bin = ''

const scripts = fileURLToPath(new URL('../../scripts', import.meta.url))
const lock =
  '{"packages":{"":{},"node_modules/a":{"version":"1.0.0"},"node_modules/b":{"version":"2.0.0","optional":true}}}'

beforeEach(async () => {
  checkout = await mkdtemp(join(tmpdir(), 'tumen-setup-'))
  bin = join(checkout, 'bin')
  await mkdir(bin)
  await cp(scripts, join(checkout, 'scripts'), { recursive: true })
  await writeFile(join(checkout, 'package-lock.json'), lock)
  await symlink('/bin/sh', join(bin, 'sh'))
})
afterEach(() => rm(checkout, { recursive: true }))

/** A program that records its arguments, then runs `body`. */
async function program(name: string, body = ''): Promise<void> {
  const version = name === 'npm' ? '[ "$1" = --version ] && echo 11.19.1 && exit 0\n' : ''
  await writeFile(
    join(bin, name),
    `#!/bin/sh\n${version}echo "${name} $*" >> ${checkout}/calls\n${body}\n`,
  )
  await chmod(join(bin, name), 0o755)
}

async function calls(): Promise<string[]> {
  const path = join(checkout, 'calls')
  return existsSync(path) ? (await readFile(path, 'utf8')).trim().split('\n') : []
}

/** Evaluates one expression of setup.mjs in a process of its own. */
function setUp(expression: string, env: Record<string, string> = { CI: 'true' }) {
  const code = `const setup = await import('${checkout}/scripts/setup.mjs'); await setup.runScript(async () => { await setup.${expression}; return 0 })`
  const { status, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', code], {
    env: { PATH: bin, ...env },
    encoding: 'utf8',
  })
  return { status, stderr }
}

const installed = '{"packages":{"node_modules/a":{"version":"1.0.0"}}}'
const npmBody = `mkdir -p $PWD/node_modules 2>/dev/null || /bin/mkdir -p node_modules; printf '%s' '${installed}' > node_modules/.package-lock.json`

describe('ensureModules', () => {
  it('installs once, and again when the lock file changes', async () => {
    await program('npm', npmBody)
    expect(setUp('ensureModules()')).toMatchObject({ status: 0 })
    expect(setUp('ensureModules()')).toEqual({ status: 0, stderr: '' })
    expect(await calls()).toEqual(['npm ci --ignore-scripts --no-audit --no-fund --loglevel=error'])
    await writeFile(join(checkout, 'package-lock.json'), lock.replace('1.0.0', '1.0.1'))
    setUp('ensureModules()')
    expect(await calls()).toHaveLength(2)
  })

  it('accepts packages that were installed by hand', async () => {
    await program('npm', 'exit 1')
    await mkdir(join(checkout, 'node_modules'))
    await writeFile(join(checkout, 'node_modules', '.package-lock.json'), installed)
    expect(setUp('ensureModules()')).toEqual({ status: 0, stderr: '' })
    const stamp = await readFile(join(checkout, 'node_modules', '.tumen-lock'), 'utf8')
    expect(stamp).toBe(createHash('sha256').update(lock).digest('hex'))
  })

  it('installs again when a binary for this machine was left out, and not for others', async () => {
    const entry = (os: string) =>
      `{"version":"3.0.0","optional":true,"os":["${os}"],"cpu":["${process.arch}"]}`
    const withBinary = (os: string) =>
      lock.replace('"node_modules/a"', `"node_modules/binary":${entry(os)},"node_modules/a"`)
    await program('npm', npmBody)
    await mkdir(join(checkout, 'node_modules'))
    await writeFile(join(checkout, 'node_modules', '.package-lock.json'), installed)
    await writeFile(join(checkout, 'package-lock.json'), withBinary('aix'))
    expect(setUp('ensureModules()').status).toBe(0)
    expect(existsSync(join(checkout, 'calls'))).toBe(false)
    await writeFile(join(checkout, 'package-lock.json'), withBinary(process.platform))
    expect(setUp('ensureModules()').status).toBe(0)
    expect(await calls()).toHaveLength(1)
  })

  it('installs what a start needs, then adds the rest beside a Tumen that may run', async () => {
    await writeFile(
      join(checkout, 'package-lock.json'),
      lock.replace(
        '"node_modules/a"',
        '"node_modules/test-only":{"version":"4.0.0","dev":true},"node_modules/a"',
      ),
    )
    await program(
      'npm',
      `${npmBody}; case "$1" in install) printf '%s' '${installed.replace('{"node', '{"node_modules/test-only":{"version":"4.0.0"},"node')}' > node_modules/.package-lock.json;; esac`,
    )
    const options = '--ignore-scripts --no-audit --no-fund --loglevel=error'
    const [forStart, forTests] = ["ensureModules({ needs: 'start' })", 'ensureModules()']
    expect(setUp(forStart).status).toBe(0)
    expect(setUp(forStart)).toEqual({ status: 0, stderr: '' })
    expect(await calls()).toEqual([`npm ci ${options} --omit=dev`])
    expect(setUp(forTests).status).toBe(0)
    expect((await calls()).slice(1)).toEqual([`npm install --no-save ${options}`])
    for (const needs of [forStart, forTests])
      expect(setUp(needs)).toEqual({ status: 0, stderr: '' })
    expect(await calls()).toHaveLength(2)
  })

  it('fetches a newer npm and Node where npm is too old, and installs with those', async () => {
    await program('npm')
    // The npm of Debian 12. Its `npm ci` in scripts/bootstrap creates the newer npm and Node.
    await writeFile(
      join(bin, 'npm'),
      `#!/bin/sh\n[ "$1" = --version ] && echo 9.2.0 && exit 0\necho "npm in $PWD" >> ${checkout}/calls
PATH=/bin:/usr/bin; node=node_modules/node-linux-${process.arch}/bin; mkdir -p $node node_modules/npm/bin; : > node_modules/npm/bin/npm-cli.js
printf '#!/bin/sh\\necho "node $*" >> ${checkout}/calls; /bin/mkdir -p node_modules\\n' > $node/node; chmod +x $node/node\n`,
    )
    const done = setUp('ensureModules()')
    expect(done).toMatchObject({ status: 0, stderr: expect.stringContaining('too old') })
    const bootstrap = join(checkout, 'scripts', 'bootstrap')
    expect(await calls()).toEqual([
      `npm in ${bootstrap}`,
      `node ${bootstrap}/node_modules/npm/bin/npm-cli.js ci --ignore-scripts --no-audit --no-fund --loglevel=error`,
    ])
  })

  it('says which npm it needs where there is none, or one from before Debian 12', async () => {
    expect(setUp('ensureModules()').stderr).toContain('npm is not installed')
    await writeFile(join(bin, 'npm'), '#!/bin/sh\necho 8.19.4\n', { mode: 0o755 })
    expect(setUp('ensureModules()')).toEqual({
      status: 1,
      stderr: expect.stringContaining(
        'npm 9.2 or later is needed to install Tumen, this is 8.19.4',
      ),
    })
  })

  it('fails and says what to do, and tries again the next time', async () => {
    await program('npm', 'exit 7')
    for (const attempts of [1, 2]) {
      const { status, stderr } = setUp('ensureModules()')
      expect(status).toBe(1)
      expect(stderr).toContain(
        'set-up: npm ci failed (status 7): check the network, then try again',
      )
      expect(await calls()).toHaveLength(attempts)
    }
  })

  it('starts no program when there is nothing to do', async () => {
    await program('npm', npmBody)
    setUp('ensureModules()')
    const before = await calls()
    expect(before).toHaveLength(1)
    expect(setUp('ensureModules()')).toEqual({ status: 0, stderr: '' })
    expect(await calls()).toEqual(before)
  })
})

describe.runIf(process.getuid?.() === 0)('ensurePrograms as root', () => {
  it('does nothing when all are there', async () => {
    await program('apt-get')
    await program('age')
    expect(setUp("ensurePrograms(['age'])")).toEqual({ status: 0, stderr: '' })
    expect(await calls()).toEqual([])
  })

  it('installs what is missing, with services kept off', async () => {
    await program(
      'apt-get',
      `echo "$DEBIAN_FRONTEND $SYSTEMD_OFFLINE $RUNLEVEL" >> ${checkout}/calls`,
    )
    await program('update-rc.d')
    expect(setUp("ensurePrograms(['redis-server', 'age'])").status).toBe(0)
    expect(await calls()).toEqual([
      'apt-get -qq -o Dpkg::Use-Pty=0 -o DPkg::Lock::Timeout=120 install -y --no-install-recommends redis-server age',
      'noninteractive 1 1',
      'update-rc.d redis-server disable',
    ])
  })

  it('updates the package lists when they are too old, and tries again', async () => {
    await program(
      'apt-get',
      `case "$*" in *update*) : > ${checkout}/updated;; *) test -e ${checkout}/updated;; esac`,
    )
    expect(setUp("ensurePrograms(['minisign'])").status).toBe(0)
    expect((await calls()).map((call) => call.split(' ').slice(6, 7)[0])).toEqual([
      'install',
      'update',
      'install',
    ])
  })

  it('names the command when apt fails', async () => {
    await program('apt-get', 'exit 100')
    const { status, stderr } = setUp('ensureRedis()')
    expect(status).toBe(1)
    expect(stderr).toContain(
      'sudo apt-get update && sudo apt-get install -y --no-install-recommends redis-server',
    )
  })

  it('needs no Redis when TUMEN_REDIS_URL names one', async () => {
    await program('apt-get', 'exit 100')
    expect(setUp('ensureRedis()', { TUMEN_REDIS_URL: 'redis://elsewhere' })).toEqual({
      status: 0,
      stderr: '',
    })
  })
})

describe.runIf(process.getuid?.() === 0)('ensurePrograms as root, before it installs', () => {
  /** Runs `ensurePrograms` on a terminal, which script(1) provides. */
  function setUpOnTerminal(answer: string) {
    const code = `const setup = await import('${checkout}/scripts/setup.mjs'); await setup.runScript(async () => { await setup.ensurePrograms(['age']); return 0 })`
    const command = `'${process.execPath}' --input-type=module -e "${code}"`
    const { status, stdout } = spawnSync('script', ['-qec', command, '/dev/null'], {
      env: { PATH: bin, SHELL: '/bin/sh' },
      input: `${answer}\n`,
      encoding: 'utf8',
    })
    return { status, stdout }
  }

  beforeEach(async () => {
    await program('apt-get')
    await symlink('/usr/bin/script', join(bin, 'script'))
  })

  it('names the command and stops when there is no terminal', async () => {
    const { status, stderr } = setUp("ensurePrograms(['age'])", {})
    expect({ status, stderr }).toEqual({
      status: 1,
      stderr:
        'set-up: age not found. Run this, then try again:\n' +
        '  sudo apt-get update && sudo apt-get install -y --no-install-recommends age\n' +
        'or set INSTALL_PROGRAMS=yes to have it run for you\n',
    })
    expect(await calls()).toEqual([])
  })

  it.each([{ CI: 'true' }, { INSTALL_PROGRAMS: 'yes' }])('does not ask with %j', async (env) => {
    expect(setUp("ensurePrograms(['age'])", env).status).toBe(0)
    expect(await calls()).toHaveLength(1)
  })

  it.each(['y', 'YES'])('installs when a person answers %j', async (answer) => {
    const { status, stdout } = setUpOnTerminal(answer)
    expect(stdout).toContain('set-up: install age with apt-get now? [y/N]')
    expect(status).toBe(0)
    expect(await calls()).toHaveLength(1)
  })

  it.each(['', 'n', 'yesterday'])('installs nothing when a person answers %j', async (answer) => {
    const { status, stdout } = setUpOnTerminal(answer)
    expect(stdout).toContain('apt-get install -y --no-install-recommends age')
    expect(status).toBe(1)
    expect(await calls()).toEqual([])
  })
})

describe('ensurePrograms without apt', () => {
  it('names what to install and ends with status 1', () => {
    const { status, stderr } = setUp("ensurePrograms(['redis-server', 'age'])")
    expect(status).toBe(1)
    expect(stderr).toContain('redis-server, age not found. Run this, then try again:')
  })
})
