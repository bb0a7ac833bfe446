/** Sealing and opening 1 GiB, compared with Debian's age and with typage. */
import { randomBytes } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import { generateIdentity, recipientOf, revealIdentity } from '../src/age/keys.ts'
import { loadSodiumPrimitives } from '../src/age/sodium.ts'
import { formatSums } from '../src/carry/sums.ts'
import { createDemoCeremony } from '../src/keyring/demo.ts'
import { parseSecretKey, signMinisign } from '../src/keyring/minisign.ts'
import { dayOfInstant } from '../src/time/day.ts'
import type { Timed } from './race.ts'
import { cpuRow, median, raceInTurns, runCommand } from './race.ts'
import type { BenchRow } from './report.ts'

const fileBytes = 1024 ** 3
const rounds = 6
const root = join(import.meta.dirname, '..')
/** Each takes about three minutes and 6 GiB of disk. */
export const benchCore = (): Promise<BenchRow[]> => inFolder(raceCore)
export const benchCommands = (): Promise<BenchRow[]> => inFolder(raceCommands)

async function inFolder(measure: (bench: Bench) => BenchRow[]): Promise<BenchRow[]> {
  mkdirSync('var', { recursive: true })
  const dir = mkdtempSync('var/bench-sealing-')
  try {
    return measure(await prepare(dir))
  } finally {
    rmSync(dir, { recursive: true, force: true })
  }
}

interface Bench {
  path: (name: string) => string
  recipient: string
  identity: string
}

async function prepare(dir: string): Promise<Bench> {
  const path = (name: string) => join(root, dir, name)
  const primitives = await loadSodiumPrimitives()
  const identity = generateIdentity(primitives, 'x25519')
  writeFileSync(path('age.key'), `${revealIdentity(identity)}\n`)
  await writeRandom(path('plain'))
  await createDemoCeremony({
    keysDir: path('keys'),
    dataDir: path('data'),
    day: dayOfInstant(new Date()),
    primitives,
  })
  return { path, recipient: recipientOf(identity), identity: revealIdentity(identity) }
}

/** All as programs that read one file and write another, with the same X25519 recipient. */
function raceCore({ path, recipient, identity }: Bench): BenchRow[] {
  const core = (script: string, operation: 'seal' | 'open') =>
    node(
      script,
      operation,
      operation === 'seal' ? recipient : identity,
      path(operation === 'seal' ? 'plain' : 'sealed'),
      path('out'),
    )
  run(['age', '-r', recipient, '-o', path('sealed'), path('plain')])
  const pair = (operation: 'seal' | 'open', theirs: string[]) =>
    race({ ours: core('bench/age-file.ts', operation), theirs }, () =>
      rmSync(path('out'), { force: true }),
    )
  const seal = pair('seal', ['age', '-r', recipient, '-o', path('out'), path('plain')])
  const opening = pair('open', [
    'age',
    '-d',
    '-i',
    path('age.key'),
    '-o',
    path('out'),
    path('sealed'),
  ])
  const sealTypage = pair('seal', core('bench/typage-file.ts', 'seal'))
  const openTypage = pair('open', core('bench/typage-file.ts', 'open'))
  return [
    ratio('seal 1 GiB, our core, against age', seal, '≥ 1'),
    ratio('seal 1 GiB, our core, against typage', sealTypage, '≥ 5'),
    memory('seal 1 GiB, our core', seal.ours),
    ratio('open 1 GiB, our core, against age', opening, '≥ 1.3'),
    ratio('open 1 GiB, our core, against typage', openTypage, '≥ 5'),
    memory('open 1 GiB, our core', opening.ours),
  ]
}

/**
 * The complete commands. `tumen seal` also computes the file's digest, packs and pads; `tumen open`
 * also checks digests and signatures, and ends with fsync.
 */
function raceCommands({ path, recipient }: Bench): BenchRow[] {
  const tumen = (...args: string[]) => node('bin/tumen.mjs', ...args)
  const sealCommand = tumen(
    'seal',
    '--narrative=bench',
    `--dir=${path('keys')}`,
    `--output=${path('out')}`,
    path('plain'),
  )
  // What `tumen seal` does: a digest of the file, an envelope, and both are on the disk at the end.
  const sameWork = [
    'sh',
    '-c',
    `openssl dgst -sha256 ${path('plain')} >/dev/null & age -r ${recipient} -o ${path('out')} ${path('plain')}; wait; sync -d ${path('out')}`,
  ]
  const seal = race(
    {
      ours: sealCommand,
      theirs: ['age', '-r', recipient, '-o', path('out'), path('plain')],
    },
    () => rmSync(path('out'), { force: true }),
  )
  const sealSameWork = race({ ours: sealCommand, theirs: sameWork }, () =>
    rmSync(path('out'), { force: true }),
  )
  const receipt = exportByHand(path)
  const openCommand = tumen(
    'open',
    path('stick'),
    '--dir',
    path('keys'),
    '-i',
    path('data/demo/demo.identity'),
    '--casebook',
    path('casebook'),
  )
  const removeCasebook = () => rmSync(path('casebook'), { recursive: true, force: true })
  const openSameWork = race(
    { ours: openCommand, theirs: ['sh', '-c', sameWorkAsOpen(path, receipt)] },
    removeCasebook,
  )
  const open = race(
    {
      ours: openCommand,
      theirs: [
        'sh',
        '-c',
        `mkdir ${path('casebook')} && age -d -i ${path('classic.key')} ${path('stick')}/${receipt}.age | tar -x -C ${path('casebook')}`,
      ],
    },
    removeCasebook,
  )
  return [
    ratio('tumen seal, 1 GiB file, against age', seal, ''),
    ratio('tumen seal, 1 GiB file, against the same work', sealSameWork, '≥ 1.1'),
    cpuRow('tumen seal, 1 GiB file, against the same work', sealSameWork),
    memory('tumen seal, 1 GiB file', seal.ours),
    ratio('tumen open, 1 GiB file, against age and tar -x', open, ''),
    ratio('tumen open, 1 GiB file, against the same work', openSameWork, '≥ 1.2'),
    cpuRow('tumen open, 1 GiB file, against the same work', openSameWork),
    memory('tumen open, 1 GiB file', open.ours),
  ]
}

/**
 * What `tumen open` does: a digest of the envelope, a copy of it, the file and its digest, and copy
 * and file are on the disk at the end. Whatever can be done at the same time is.
 */
function sameWorkAsOpen(path: (name: string) => string, receipt: string): string {
  const [envelope, casebook] = [`${path('stick')}/${receipt}.age`, path('casebook')]
  const [copy, file] = [`${casebook}/copy`, `${casebook}/attachments/plain`]
  const unpack = `age -d -i ${path('classic.key')} ${envelope} | tar -x -C ${casebook}`
  return `mkdir ${casebook}
openssl dgst -sha256 ${envelope} & cp ${envelope} ${copy} &
${unpack} && openssl dgst -sha256 ${file}
wait
sync -d ${copy} ${file}`
}

/**
 * An export of one envelope that Debian's age can also open: sealed by hand to the classic
 * recipient.
 */
function exportByHand(path: (name: string) => string): string {
  const identities = run(['grep', '^AGE-SECRET-KEY-1', path('data/demo/demo.identity')])
  writeFileSync(path('classic.key'), identities)
  const classic = run(['age-keygen', '-y', path('classic.key')]).trim()
  writeFileSync(path('tip.json'), '{"narrative":"bench"}')
  mkdirSync(path('stick'))
  run([
    'sh',
    '-c',
    `cd ${path('.')} && mkdir attachments && mv plain attachments && tar -c tip.json attachments | age -r ${classic} -o stick/tip.age`,
  ])
  const receipt = run(['sha256sum', path('stick/tip.age')]).slice(0, 64)
  run(['mv', path('stick/tip.age'), path(`stick/${receipt}.age`)])
  const sums = formatSums([receipt])
  const secretKey = parseSecretKey(run(['cat', path('data/export.key')]))
  writeFileSync(path('stick/SHA256SUMS'), sums)
  writeFileSync(
    path('stick/SHA256SUMS.minisig'),
    signMinisign({ secretKey, message: sums, trustedComment: 'bench' }),
  )
  return receipt
}

/** Runs two commands in turns. @returns the medians. */
function race(commands: Race<string[]>, clean: () => void): Race<Timed> {
  const { ours, theirs } = raceInTurns({ rounds, commands, clean })
  return { ours: median(ours), theirs: median(theirs) }
}

interface Race<Value> extends Record<'ours' | 'theirs', Value> {
  ours: Value
  theirs: Value
}

const run = (command: string[]): string => runCommand(command).stdout

/** A script of ours that reports its peak memory on stderr. */
function node(script: string, ...args: string[]): string[] {
  return [
    process.execPath,
    '--import',
    join(root, 'bench/report-memory.ts'),
    join(root, script),
    ...args,
  ]
}

async function writeRandom(path: string): Promise<void> {
  const file = await open(path, 'w')
  const piece = 16 * 1024 * 1024
  for (let written = 0; written < fileBytes; written += piece)
    await file.writeFile(randomBytes(piece))
  await file.close()
}

function ratio(name: string, { ours, theirs }: Race<Timed>, goal: string): BenchRow {
  const [value, baseline] = [fileBytes / 1e6 / ours.seconds, fileBytes / 1e6 / theirs.seconds]
  return { name, value, unit: 'MB/s', baseline, ratio: value / baseline, goal }
}

function memory(name: string, ours: Timed): BenchRow {
  return {
    name: `${name}: peak memory`,
    value: ours.peakMemoryMiB ?? NaN,
    unit: 'MiB',
    baseline: null,
    ratio: null,
    goal: '≤ 150',
  }
}
