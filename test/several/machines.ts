import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { loadSodiumPrimitives } from '../../src/age/sodium.ts'
import { createDemoCeremony } from '../../src/keyring/demo.ts'
import type { S3Place } from '../../src/store/s3-bucket.ts'
import { dayOfInstant } from '../../src/time/day.ts'
import { Unit } from '../faults/site.ts'
import { type AtEnd, startIn } from '../support/start-in.ts'

/** One machine: an intake and a worker with a data folder of their own. */
export interface Machine {
  dataDir: string
  socket: string
  env: NodeJS.ProcessEnv
  intake: Unit
  worker: Unit
}

export interface Machines {
  machines: Machine[]
  keysDir: string
  deskDir: string
  /** Starts every process that does not run, and waits until it is ready. */
  start(): Promise<void>
  dispose(): Promise<void>
}

export interface MachinesOptions {
  count: number
  /** Null: files on the only machine. */
  place: S3Place | null
  redisUrl: string
  env?: NodeJS.ProcessEnv
}

/** Several machines on one store and one Redis, without a shared disk. */
export function openMachines(options: MachinesOptions): Promise<Machines> {
  return startIn('several', (dir, atEnd) => layOut(options, dir, atEnd))
}

async function layOut(
  options: MachinesOptions,
  dir: string,
  atEnd: AtEnd,
): Promise<Omit<Machines, 'dispose'>> {
  const keysDir = join(dir, 'keys')
  const deskDir = join(dir, 'desk')
  await mkdir(keysDir)
  await createDemoCeremony({
    keysDir,
    dataDir: deskDir,
    day: dayOfInstant(new Date()),
    primitives: await loadSodiumPrimitives(),
  })
  const store = options.place === null ? {} : await storeSettings(dir, options.place)
  await writeFile(join(dir, 'shared.key'), `${'5a'.repeat(32)}\n`, { mode: 0o600 })
  const machines: Machine[] = []
  for (let n = 1; n <= options.count; n += 1) {
    const dataDir = join(dir, `var-${n}`)
    await mkdir(dataDir, { mode: 0o700 })
    const socket = join(dir, `intake-${n}.sock`)
    const env = {
      PATH: process.env.PATH,
      NODE_COMPILE_CACHE: join(dir, 'compiled'),
      TUMEN_LISTEN: `unix:${socket}`,
      TUMEN_REDIS_URL: options.redisUrl,
      TUMEN_DATA_DIR: dataDir,
      TUMEN_KEYS_DIR: keysDir,
      TUMEN_SWEEP_SECONDS: '1',
      TUMEN_RESERVE_BYTES: '0',
      TUMEN_SHARED_KEY_FILE: join(dir, 'shared.key'),
      TUMEN_CIRCUIT_ENVELOPES: '1000000',
      TUMEN_CIRCUIT_REQUESTS: '1000000',
      ...store,
      ...options.env,
    }
    machines.push({
      dataDir,
      socket,
      env,
      intake: new Unit('src/server/main.ts', env),
      worker: new Unit('workers/main.ts', env),
    })
  }
  const units = machines.flatMap(({ intake, worker }) => [intake, worker])
  for (const unit of units) atEnd(() => unit.kill())
  return {
    machines,
    keysDir,
    deskDir,
    async start() {
      for (const unit of units) unit.start()
      for (const unit of units) await unit.untilReady()
    },
  }
}

/** Writes the key files into the folder. @returns the settings that name them and the bucket. */
export async function storeSettings(dir: string, place: S3Place): Promise<Record<string, string>> {
  const [access, secret] = [join(dir, 'access'), join(dir, 'secret')]
  await writeFile(access, `${place.accessKey}\n`, { mode: 0o600 })
  await writeFile(secret, `${place.secretKey}\n`, { mode: 0o600 })
  return {
    TUMEN_STORE: `s3://${place.bucket}/${place.prefix}`,
    TUMEN_S3_ENDPOINT: place.endpoint ?? '',
    TUMEN_S3_REGION: place.region,
    TUMEN_S3_ACCESS_KEY_FILE: access,
    TUMEN_S3_SECRET_KEY_FILE: secret,
    TUMEN_S3_CREATE_BUCKET: 'yes',
  }
}

/** The receipts that any machine's ledger calls stored: the chains merged by receipt. */
export async function storedReceipts(machines: readonly Machine[]): Promise<Set<string>> {
  const stored = new Set<string>()
  for (const { dataDir } of machines) {
    const text = await readFile(join(dataDir, 'ledger.jsonl'), 'utf8').catch(() => '')
    for (const line of text.split('\n').filter((one) => one !== '')) {
      const { event, receipt } = JSON.parse(line) as { event: string; receipt: string }
      if (event === 'stored') stored.add(receipt)
    }
  }
  return stored
}
