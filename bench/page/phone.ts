/**
 * `npm run bench:phone`: seconds per megabyte from choosing a file to the receipt, on a core as slow
 * as a phone's. Needs root, for the limit of the CPU.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  rmdirSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { bundleChild, type Report } from '../../test/page/sealing/bundle-child.ts'
import type { BenchRow } from '../report.ts'
import { runSections } from '../report.ts'

/** A core of a cheap phone does about a fifth of what a core of a server does. */
const share = 0.2
const periodMicroseconds = 100_000
/** The throughput of a slow Tor circuit. */
const circuitMegabytesPerSecond = 0.25

const levels = [
  { name: 'Standard', flags: [], megabytes: 16 },
  { name: 'Safer (no JIT, no WebAssembly)', flags: ['--jitless'], megabytes: 1 },
] as const

type Took = Pick<Report, 'seconds' | 'cpuSeconds'>

/** A control group with that share of one core, in either version of the kernel's interface. */
function limitCpu(): { join: (pid: number) => void; remove: () => void } {
  const isFirstVersion = existsSync('/sys/fs/cgroup/cpu/cpu.cfs_quota_us')
  const group = `/sys/fs/cgroup/${isFirstVersion ? 'cpu/' : ''}tumen-phone-${process.pid}`
  const quota = periodMicroseconds * share
  mkdirSync(group)
  if (isFirstVersion) {
    writeFileSync(join(group, 'cpu.cfs_period_us'), String(periodMicroseconds))
    writeFileSync(join(group, 'cpu.cfs_quota_us'), String(quota))
  } else writeFileSync(join(group, 'cpu.max'), `${quota} ${periodMicroseconds}`)
  return {
    join: (pid) => writeFileSync(join(group, 'cgroup.procs'), String(pid)),
    remove: () => rmdirSync(group),
  }
}

async function seal(program: string, file: string, flags: readonly string[]): Promise<Took> {
  const limit = limitCpu()
  try {
    const child = spawn(process.execPath, [...flags, program, file], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    limit.join(child.pid ?? 0)
    let said = ''
    child.stdout.on('data', (text) => (said += text))
    const [status] = (await once(child, 'close')) as [number]
    if (status !== 0) throw new Error(`sealing ended with ${status}`)
    return JSON.parse(said) as Took
  } finally {
    limit.remove()
  }
}

async function benchPhone(): Promise<BenchRow[]> {
  const dir = mkdtempSync(join(tmpdir(), 'tumen-phone-'))
  try {
    const [program, file] = [join(dir, 'child.mjs'), join(dir, 'video.mp4')]
    writeFileSync(program, await bundleChild())
    const rows: BenchRow[] = []
    for (const { name, flags, megabytes } of levels) {
      writeFileSync(file, '')
      truncateSync(file, megabytes * 1e6)
      const { seconds, cpuSeconds } = await seal(program, file, flags)
      rows.push(
        ...rowsOf(name, { seconds: seconds / megabytes, cpuSeconds: cpuSeconds / megabytes }),
      )
    }
    return rows
  } finally {
    rmSync(dir, { recursive: true, force: true })
  }
}

function rowsOf(name: string, each: Took): BenchRow[] {
  const row = (what: string, value: number, unit: string, baseline: number | null): BenchRow => ({
    name: `${name}: ${what}`,
    value,
    unit,
    baseline,
    ratio: baseline === null ? null : value / baseline,
    goal: '',
  })
  return [
    row(
      'for each MB, against a circuit of 250 kB/s',
      each.seconds,
      's',
      1 / circuitMegabytesPerSecond,
    ),
    row('CPU time for each MB', each.cpuSeconds, 's', null),
    row('circuit that would be waiting for the phone', 1000 / each.seconds, 'kB/s', null),
  ]
}

await runSections(
  [
    {
      title: 'Page: on a phone',
      how: `From choosing a file to the receipt, in Node with the page's own code and without a network, with ${share * 100} % of one core; one run each. A browser has two workers, and Firefox runs code without a JIT about twice as fast as Node. The baseline is the time that the circuit takes for the same bytes. \`npm run bench:phone\`.`,
      measure: benchPhone,
    },
  ],
  [],
)
