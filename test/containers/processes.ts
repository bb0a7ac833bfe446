import { readFileSync, readdirSync, readlinkSync } from 'node:fs'

/** The PIDs on the host of all processes in a container, found by the PID of its first process. */
export function processesOf(firstPid: number): number[] {
  const namespace = namespaceOf(firstPid)
  const pids = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
  return pids.filter((pid) => namespaceOf(pid) === namespace)
}

function namespaceOf(pid: number): string | null {
  return orNull(() => readlinkSync(`/proc/${pid}/ns/pid`))
}

/** A field of /proc/PID/status. */
export function statusOf(pid: number, name: string): string {
  return (
    new RegExp(`^${name}:\\s+(.*)$`, 'm').exec(
      readFileSync(`/proc/${pid}/status`, 'latin1'),
    )?.[1] ?? ''
  )
}

/** The soft and the hard limit for the size of a core dump, in bytes (proc(5)). */
export function coreLimits(pid: number): string[] {
  return (
    /^Max core file size\s+(\S+)\s+(\S+)/m
      .exec(readFileSync(`/proc/${pid}/limits`, 'latin1'))
      ?.slice(1) ?? []
  )
}

/** The mount options of the root file system. */
export function rootOptions(pid: number): string[] {
  const line = readFileSync(`/proc/${pid}/mounts`, 'utf8')
    .split('\n')
    .find((mount) => mount.split(' ')[1] === '/')
  return line?.split(' ')[3]?.split(',') ?? []
}

/**
 * The state in /proc/PID/net/* of a socket that can be reached from outside: 0A is a listening TCP
 * socket, 07 an unconnected UDP socket (proc(5)).
 */
const listening: Readonly<Record<string, string>> = { tcp: '0A', tcp6: '0A', udp: '07', udp6: '07' }

/** Every port on which this process can be reached over a network, such as `tcp 00000000:1F90`. */
export function openPorts(pid: number): string[] {
  const held = new Set(
    readdirSync(`/proc/${pid}/fd`).map((fd) => orNull(() => readlinkSync(`/proc/${pid}/fd/${fd}`))),
  )
  return Object.entries(listening).flatMap(([protocol, state]) => {
    const rows = readFileSync(`/proc/${pid}/net/${protocol}`, 'latin1')
      .split('\n')
      .slice(1)
      .map((row) => row.trim().split(/\s+/))
    return rows
      .filter((row) => row[3] === state && held.has(`socket:[${row[9]}]`))
      .map((row) => `${protocol} ${row[1]}`)
  })
}

function orNull<T>(look: () => T): T | null {
  try {
    return look()
  } catch {
    return null
  }
}
