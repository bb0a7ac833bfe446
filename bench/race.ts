import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import type { BenchRow } from './report.ts'

const root = join(import.meta.dirname, '..')
/**
 * The compile cache that bin/tumen.mjs sets, so that the bare cores start as fast as the commands.
 */
const compileCache = join(root, 'node_modules', '.cache', 'node-compile')

export interface Timed {
  seconds: number
  /**
   * CPU time of all processes and threads; more reliable than `seconds` on a machine that others
   * use.
   */
  cpuSeconds: number
  peakMemoryMiB: number | null
}

/**
 * Runs commands in turns, starting each round with another one, so that other activity on the
 * machine, and the effects of one command on the next, are spread evenly. The first round only
 * warms up.
 */
export function raceInTurns<Name extends string>({
  rounds,
  commands,
  clean,
}: {
  rounds: number
  commands: Record<Name, string[]>
  clean: () => void
}): Record<Name, Timed[]> {
  const names = Object.keys(commands) as Name[]
  const runs = Object.fromEntries(names.map((name) => [name, [] as Timed[]])) as Record<
    Name,
    Timed[]
  >
  for (let round = 0; round <= rounds; round += 1) {
    for (let turn = 0; turn < names.length; turn += 1) {
      const name = names[(round + turn) % names.length] as Name
      clean()
      runCommand(['sync'])
      const timed = time(commands[name])
      if (round > 0) runs[name].push(timed)
      process.stderr.write(`  round ${round}, ${name}: ${timed.seconds.toFixed(2)} s\n`)
    }
  }
  clean()
  return runs
}

export function median(runs: readonly Timed[]): Timed {
  return runs.toSorted((one, other) => one.seconds - other.seconds)[
    Math.floor(runs.length / 2)
  ] as Timed
}

/** A command line of ours that reports its peak memory on stderr. */
export function tumenCommand(...args: string[]): string[] {
  return [
    process.execPath,
    '--import',
    join(root, 'bench/report-memory.ts'),
    join(root, 'bin/tumen.mjs'),
    ...args,
  ]
}

export function runCommand([program = '', ...args]: readonly string[]): {
  stdout: string
  stderr: string
} {
  const env = { NODE_COMPILE_CACHE: compileCache, ...process.env }
  const { status, stdout, stderr } = spawnSync(program, args, {
    encoding: 'utf8',
    env,
    maxBuffer: 64 * 1024 * 1024,
  })
  if (status !== 0) throw new Error(`${program} ${args[0] ?? ''} failed: ${stderr}`)
  return { stdout, stderr }
}

function time(command: readonly string[]): Timed {
  const timed = `TIMEFORMAT='times %R %U %S'; time "$@"`
  const { stderr } = runCommand(['bash', '-c', timed, 'bench', ...command])
  const [seconds = NaN, user = NaN, system = NaN] = (/^times (.*)$/m.exec(stderr)?.[1] ?? '')
    .split(' ')
    .map(Number)
  const kib = /peak-memory-kib (\d+)/.exec(stderr)?.[1]
  return {
    seconds,
    cpuSeconds: user + system,
    peakMemoryMiB: kib === undefined ? null : Number(kib) / 1024,
  }
}

/** Compares the processor time of two commands that do the same. */
export function cpuRow(name: string, { ours, theirs }: { ours: Timed; theirs: Timed }): BenchRow {
  const [value, baseline] = [ours.cpuSeconds, theirs.cpuSeconds]
  return {
    name: `${name}: CPU time`,
    value,
    unit: 's',
    baseline,
    ratio: baseline / value,
    goal: '',
  }
}
