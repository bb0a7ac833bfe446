import { execFile } from 'node:child_process'
import { randomBytes, randomUUID } from 'node:crypto'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { type AtEnd, startIn } from '../start-in.ts'
import { createDaemon, type Daemon, hasProgram, until } from './daemon.ts'
import { freePorts } from './free-ports.ts'

const run = promisify(execFile)

const programs = [
  'ceph',
  'ceph-mon',
  'ceph-mgr',
  'ceph-osd',
  'monmaptool',
  'radosgw',
  'radosgw-admin',
]

/** A real S3: a Ceph RADOS Gateway on one monitor, one manager and one disk, which is a file. */
export interface CephGateway {
  readonly endpoint: string
  readonly accessKey: string
  readonly secretKey: string
  readonly gateway: Daemon
  readonly disk: Daemon
  /** Limits the whole user to this many bytes. */
  limitBytes(bytes: number | null): Promise<void>
  /** Makes the cluster believe that its disk is full, or not any more. */
  fillDisk(isFull: boolean): Promise<void>
  /** Resolves when the gateway answers again. */
  ready(): Promise<void>
  dispose(): Promise<void>
}

/** The reason why the gateway cannot run here; null if it can. */
export function whyNoCeph(): string | null {
  const missing = programs.filter((name) => !hasProgram(name))
  return missing.length === 0
    ? null
    : `${missing.join(', ')} missing: apt-get install --no-install-recommends radosgw ceph-mon ceph-osd ceph-mgr ceph-common`
}

export function startCeph(): Promise<CephGateway> {
  return startIn('ceph', startDaemons)
}

async function startDaemons(dir: string, atEnd: AtEnd): Promise<Omit<CephGateway, 'dispose'>> {
  const site = await layOut(dir)
  const env = { CEPH_CONF: site.conf }
  const ask = async (program: string, ...args: string[]): Promise<string> =>
    (await run(program, args, { env: { ...process.env, ...env }, timeout: 120_000 })).stdout

  const monitor = createDaemon('mon', ['ceph-mon', '-f', '-i', 'a'], env)
  const manager = createDaemon('mgr', ['ceph-mgr', '-f', '-i', 'a'], env)
  const gateway = createDaemon('rgw', ['radosgw', '-f', '-n', 'client.rgw.a'], env)
  for (const daemon of [monitor, manager, gateway]) atEnd(() => daemon.kill())
  const map = join(dir, 'monmap')
  const ends = `[v2:127.0.0.1:${site.ports[0]}/0,v1:127.0.0.1:${site.ports[1]}/0]`
  await ask('monmaptool', '--create', '--addv', 'a', ends, '--fsid', site.fsid, map)
  await ask('ceph-mon', '--mkfs', '-i', 'a', '--monmap', map, '--keyring', '/dev/null')
  monitor.start()
  manager.start()
  const uuid = randomUUID()
  const id = (await ask('ceph', 'osd', 'new', uuid)).trim()
  await mkdir(join(dir, 'osd'), { recursive: true })
  await ask('ceph-osd', '-i', id, '--mkfs', '--osd-uuid', uuid)
  const disk = createDaemon('osd', ['ceph-osd', '-f', '-i', id], env)
  atEnd(() => disk.kill())
  disk.start()
  await ask('ceph', 'osd', 'crush', 'add', `osd.${id}`, '1.0', 'root=default', 'host=h')
  gateway.start()
  const endpoint = `http://127.0.0.1:${site.ports[2]}`
  const ready = (): Promise<void> =>
    until('the gateway answers', async () => (await fetch(endpoint)).ok)
  await ready()
  const [accessKey, secretKey] = [randomBytes(10).toString('hex'), randomBytes(20).toString('hex')]
  const admin = (...args: string[]): Promise<string> =>
    ask('radosgw-admin', '-n', 'client.admin', ...args, '--uid=tumen')
  await admin(
    'user',
    'create',
    '--display-name=tumen',
    `--access-key=${accessKey}`,
    `--secret-key=${secretKey}`,
  )
  return {
    endpoint,
    accessKey,
    secretKey,
    gateway,
    disk,
    ready,
    async limitBytes(bytes) {
      if (bytes === null) return void (await admin('quota', 'disable', '--quota-scope=user'))
      await admin('quota', 'set', '--quota-scope=user', `--max-size=${bytes}`)
      await admin('quota', 'enable', '--quota-scope=user')
    },
    async fillDisk(isFull) {
      // A disk is full at the highest of the three.
      for (const name of ['nearfull', 'backfillfull', 'full'])
        await ask('ceph', 'osd', `set-${name}-ratio`, isFull ? '0.0001' : fullRatio)
    },
  }
}

/** The share of its disk that a cluster may use; a new one uses a few percent. */
const fullRatio = '0.97'

/** Writes the configuration: everything on loopback, without authentication, in one folder. */
async function layOut(dir: string): Promise<{ conf: string; fsid: string; ports: number[] }> {
  const ports = await freePorts(3)
  const fsid = randomUUID()
  for (const name of ['mon', 'mgr', 'rgw', 'run']) await mkdir(join(dir, name))
  const conf = join(dir, 'ceph.conf')
  await writeFile(
    conf,
    `[global]
fsid = ${fsid}
mon host = [v2:127.0.0.1:${ports[0]}/0,v1:127.0.0.1:${ports[1]}/0]
mon initial members = a
auth cluster required = none
auth service required = none
auth client required = none
osd pool default size = 1
osd pool default min size = 1
osd pool default pg num = 4
osd pool default pg autoscale mode = off
osd crush chooseleaf type = 0
mon allow pool size one = true
mon data avail crit = 1
mon osd full ratio = ${fullRatio}
osd objectstore = bluestore
bluestore block size = 4294967296
osd memory target = 939524096
run dir = ${dir}/run
admin socket = ${dir}/run/$cluster-$name.$pid.asok
log file = ${dir}/run/$name.log
mon data = ${dir}/mon/a
mgr data = ${dir}/mgr/a
osd data = ${dir}/osd
public addr = 127.0.0.1
cluster addr = 127.0.0.1
ms bind port min = 30000
ms bind port max = 32767
[client.rgw.a]
rgw frontends = beast endpoint=127.0.0.1:${ports[2]}
rgw data = ${dir}/rgw
rgw dns name = 127.0.0.1
# Without it the gateway waits for five minutes and then fails "to fetch mon config".
ms mon client mode = crc
# A changed limit counts at once instead of after ten minutes.
rgw user quota sync interval = 1
rgw bucket quota ttl = 1
[client.admin]
ms mon client mode = crc
`,
  )
  return { conf, fsid, ports }
}
