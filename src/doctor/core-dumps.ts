import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { doubtful, type Finding, type Places, well, wrong } from './finding.ts'
import { readText } from './read-text.ts'

const check = 'core dumps'
const ourMains = /(?:src\/server|src\/ops|src\/supervise|workers)\/main\.ts/

/** Checks for core dumps, which write the memory of a process to a file. */
export async function checkCoreDumps(places: Places): Promise<Finding> {
  const running = await findProcesses(places)
  const all = await Promise.all(
    (running.length === 0 ? ['self'] : running).map((pid) => coreLimit(places, pid)),
  )
  // Null for a process that has ended meanwhile, or that belongs to another user.
  const limits = all.filter((limit) => limit !== null)
  const whose = running.length === 0 ? 'this shell' : 'the running processes'
  const pattern = (await readText(join(places.proc, 'sys', 'kernel', 'core_pattern')))?.trim() ?? ''
  // core(5): the limit does not apply to dumps that are piped to a program.
  if (pattern.startsWith('|')) {
    return doubtful(
      check,
      'they are handed to a program, whatever the limit is',
      'sysctl kernel.core_pattern=core, or Storage=none in /etc/systemd/coredump.conf',
    )
  }
  if (limits.length === 0)
    return doubtful(
      check,
      'the limit cannot be told',
      'set ulimit -c 0 before the start, or LimitCORE=0 in the unit',
    )
  if (limits.every((limit) => limit === '0')) return well(check, `${whose} may write none`)
  return wrong(
    check,
    `${whose} may write them`,
    'ulimit -c 0 before the start, or LimitCORE=0 in the unit; then start again',
  )
}

async function findProcesses({ proc }: Places): Promise<string[]> {
  const pids = (await readdir(proc).catch(() => [])).filter((name) => /^\d+$/.test(name))
  const commands = await Promise.all(pids.map((pid) => readText(join(proc, pid, 'cmdline'))))
  return pids.filter((_, index) => ourMains.test(commands[index] ?? ''))
}

/** The soft limit; null when it cannot be read or the process has ended. */
async function coreLimit({ proc }: Places, pid: string): Promise<string | null> {
  const limits = await readText(join(proc, pid, 'limits'))
  return /^Max core file size\s+(\S+)/m.exec(limits ?? '')?.[1] ?? null
}
