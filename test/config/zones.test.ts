import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { Agent } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { parse } from 'yaml'
import { openSite } from '../faults/site.ts'
import { sendEnvelope } from '../faults/source.ts'
import { makeEnvelope } from '../workers/envelopes.ts'

const roles = ['intake', 'worker', 'ops', 'redis', 'tor'] as const
type Role = (typeof roles)[number]

const socketFolders = ['onion', 'redis', 'ops', 'tor'].map((name) => `/run/tumen/${name}`)

interface Service {
  volumes: string[]
  tmpfs?: string[]
  network_mode?: string
  mem_limit: string
}

const compose = parse(readFileSync('docker-compose.yml', 'utf8'), { merge: true }) as {
  services: Record<Role, Service>
}

/** All paths in a directive of a systemd unit, without a leading `-` or `+`. */
function unitPaths(role: Role, directive: string): string[] {
  const unit = readFileSync(`config/systemd/tumen-${role}.service`, 'utf8')
  return [...unit.matchAll(new RegExp(`^${directive}=(.*)$`, 'gm'))]
    .flatMap(([, value = '']) => value.split(' '))
    .map((path) => path.replace(/^[-+]/, ''))
}

const isMounted = ({ volumes }: Service, folder: string): boolean =>
  volumes.some((volume) => volume.split(':')[1] === folder)

describe.each(roles)('the zone %s', (role) => {
  const service = compose.services[role]

  it('reaches the same sockets in compose and in systemd', () => {
    const hidden = unitPaths(role, 'InaccessiblePaths')
    expect(socketFolders.filter((folder) => !hidden.includes(folder))).toEqual(
      socketFolders.filter((folder) => isMounted(service, folder)),
    )
  })

  it('has a network in both or in neither, and the same memory', () => {
    expect(unitPaths(role, 'PrivateNetwork')).toEqual(
      service.network_mode === 'none' ? ['yes'] : [],
    )
    expect(unitPaths(role, 'MemoryMax')).toEqual([service.mem_limit.replace('m', 'M')])
  })

  it('writes to no socket folder that it does not reach', () => {
    const writable = unitPaths(role, 'ReadWritePaths')
    for (const folder of unitPaths(role, 'InaccessiblePaths')) {
      expect(writable.filter((path) => path.startsWith(folder))).toEqual([])
    }
  })
})

/** What the table in docs/operations.md says is in the data folder. */
const dataNames = [
  ...readFileSync('docs/operations.md', 'utf8').matchAll(
    /^\| `([a-z.]+)\/?`(?:, `([a-z]+)\/`)? \|/gm,
  ),
]
  .flatMap(([, name = '', other]) => (other === undefined ? [name] : [name, other]))
  .map((name) => `/var/lib/tumen/${name}`)

/** What a zone may write: the names that its unit neither hides nor makes read-only. */
const writableNames = (role: Role): string[] => {
  const kept = [...unitPaths(role, 'ReadOnlyPaths'), ...unitPaths(role, 'InaccessiblePaths')]
  return dataNames.filter((name) => !kept.includes(name)).map((name) => name.slice(15))
}

describe('the data folder under systemd', () => {
  it('is written by each zone only where it must be', () => {
    // `redis` is there only under npm start; people make `draining`, and a restore `.restoring`.
    // What is not there cannot be protected. The first process that starts writes `format.json`.
    expect(writableNames('intake')).toEqual([
      'incoming',
      'draining',
      'format.json',
      '.restoring',
      'tmp',
      'uploads',
      'redis',
    ])
    expect(writableNames('ops')).toEqual([
      'incoming',
      'draining',
      'format.json',
      'marks',
      'canary',
      '.restoring',
      'tmp',
      'uploads',
      'redis',
    ])
    expect(writableNames('worker')).toEqual(
      dataNames
        .map((name) => name.slice(15))
        .filter((name) => name !== 'export.key' && name !== 'demo'),
    )
  })

  it.each(['intake', 'ops'] as const)(
    'exists before %s starts: a missing path is not protected',
    (role) => {
      const unit = readFileSync(`config/systemd/tumen-${role}.service`, 'utf8')
      const made = /^ExecStartPre=\+.* -m 0700 (.*)$/m.exec(unit)?.[1]?.split(' ') ?? []
      const folders = [...unitPaths(role, 'ReadOnlyPaths'), '/var/lib/tumen/ledger'].filter(
        (path) => !path.endsWith('.jsonl'),
      )
      expect([...made].sort()).toEqual([...new Set(folders)].sort())
    },
  )
})

/** The single files that only a unit can protect: compose would create a folder of that name. */
const filesInUnits = ['/var/lib/tumen/ledger.jsonl', '/var/lib/tumen/export.key']

describe('the data folder in compose', () => {
  const inData = (path: string): boolean => path.startsWith('/var/lib/tumen')

  it.each(['intake', 'worker', 'ops'] as const)('is protected from %s as in its unit', (role) => {
    const { volumes, tmpfs = [] } = compose.services[role]
    expect(volumes).toContain('./data:/var/lib/tumen')
    const readOnly = volumes.flatMap((volume) => {
      const [source = '', target = '', mode] = volume.split(':')
      if (!inData(target) || mode !== 'ro') return []
      expect(source).toBe(target.replace('/var/lib/tumen', './data'))
      return [target]
    })
    const protectedInUnit = unitPaths(role, 'ReadOnlyPaths')
      .filter(inData)
      .filter((path) => !filesInUnits.includes(path))
    expect(readOnly.sort()).toEqual(protectedInUnit.sort())
    const hidden = tmpfs.map((mount) => mount.split(':')[0] ?? '').filter(inData)
    // Only npm start makes the folder demo.
    const hiddenInUnit = unitPaths(role, 'InaccessiblePaths')
      .filter(inData)
      .filter((path) => ![...filesInUnits, '/var/lib/tumen/demo'].includes(path))
    expect(hidden).toEqual(hiddenInUnit)
  })

  it('exists before the first start, as docs/operations.md says', () => {
    const line = /^sudo install -d -o 10001 -g 10000 -m 0700 data (.*)$/m
    const made = line.exec(readFileSync('docs/operations.md', 'utf8'))?.[1]?.split(' ') ?? []
    const mounted = Object.values(compose.services)
      .flatMap(({ volumes }) => volumes)
      .filter((volume) => volume.startsWith('./data/'))
      .map((volume) => volume.split(':')[0]?.slice(2) ?? '')
    expect(made.sort()).toEqual([...new Set(mounted)].sort())
  })

  it('is open to a broken zone in single files, and docs/operations.md says so', () => {
    expect(readFileSync('docs/operations.md', 'utf8')).toContain(
      'can read and delete `export.key` and the\nnewest `ledger.jsonl`',
    )
  })
})

const canMount = process.getuid?.() === 0 && spawnSync('unshare', ['--mount', 'true']).status === 0
if (!canMount) console.warn('skipped: a broken intake, because this user may not mount')

describe.runIf(canMount)('a broken intake under systemd', () => {
  /**
   * Writes a script that restricts `dataDir` as the unit restricts /var/lib/tumen, then runs its
   * arguments.
   */
  async function writeSandbox(dataDir: string): Promise<string> {
    const dir = await mkdtemp(join(tmpdir(), 'tumen-zone-'))
    onTestFinished(() => rm(dir, { recursive: true, force: true }))
    const [emptyDir, emptyFile] = [join(dir, 'dir'), join(dir, 'file')]
    await mkdir(emptyDir, { mode: 0o000 })
    await writeFile(emptyFile, '', { mode: 0o000 })
    const here = (path: string): string => path.replace('/var/lib/tumen', dataDir)
    const ours = (directive: string): string[] =>
      unitPaths('intake', directive)
        .filter((path) => path.startsWith('/var/lib/tumen'))
        .map(here)
    const lines = [
      ...ours('ReadOnlyPaths').map(
        (path) => `mount --bind '${path}' '${path}' && mount -o remount,ro,bind '${path}'`,
      ),
      ...ours('InaccessiblePaths')
        .filter((path) => existsSync(path))
        .map((path) =>
          path.endsWith('ledger') || path.endsWith('demo')
            ? `mount --bind '${emptyDir}' '${path}'`
            : `mount --bind '${emptyFile}' '${path}'`,
        ),
    ]
    const script = join(dir, 'sandbox')
    await writeFile(script, `#!/bin/sh\nset -e\n${lines.join('\n')}\nexec "$@"\n`, { mode: 0o700 })
    return script
  }

  it('receives tips, and cannot delete the vault, the ledger or the export key', async () => {
    const site = await openSite()
    onTestFinished(() => site.dispose())
    site.worker.start()
    await site.worker.untilReady()
    for (const path of unitPaths('intake', 'ReadOnlyPaths'))
      await mkdir(path.replace('/var/lib/tumen', site.dataDir), { recursive: true, mode: 0o700 })
    await writeFile(join(site.dataDir, 'export.key'), 'a key', { mode: 0o600 })
    const sandbox = await writeSandbox(site.dataDir)

    const intake = spawn(
      'unshare',
      ['--mount', '--propagation', 'private', sandbox, process.execPath, 'src/server/main.ts'],
      { env: site.env, stdio: ['ignore', 'ignore', 'inherit', 'ipc'] },
    )
    onTestFinished(() => void intake.kill('SIGKILL'))
    await once(intake, 'message')
    const agent = new Agent()
    const { bytes, receipt } = makeEnvelope()
    expect(await sendEnvelope({ socket: site.socket, agent, bytes })).toMatchObject({ status: 201 })
    agent.destroy()
    const stored = join(site.dataDir, 'sealed', `${receipt}.age`)
    await expect.poll(() => existsSync(stored)).toBe(true)
    // A name that the table in docs/operations.md leaves out would be protected by nobody.
    const made = readdirSync(site.dataDir).map((name) => `/var/lib/tumen/${name}`)
    expect(made.filter((name) => !dataNames.includes(name))).toEqual([])

    const attack = [
      'cat export.key ledger.jsonl',
      'rm -rf sealed collected quarantine acknowledgements replies ledger* export.key',
      'mv sealed elsewhere',
      'mv ledger.jsonl gone',
      'echo x >> ledger.jsonl',
      ': > discards/collected',
    ]
    const { stdout } = spawnSync(
      'unshare',
      ['--mount', '--propagation', 'private', sandbox, '/bin/sh', '-c', attack.join('\n')],
      { cwd: site.dataDir, encoding: 'utf8' },
    )
    expect(stdout).toBe('')
    expect(existsSync(stored)).toBe(true)
    expect(readFileSync(join(site.dataDir, 'export.key'), 'utf8')).toBe('a key')
    expect(readFileSync(join(site.dataDir, 'ledger.jsonl'), 'utf8')).toContain(receipt)
    expect(existsSync(join(site.dataDir, 'discards', 'collected'))).toBe(false)
  })
})
