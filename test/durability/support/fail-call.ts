/**
 * A module to preload in tests, which lets one call that changes the disk fail.
 * `FAIL_CALL=17:ENOSPC` chooses the 17th call under the folder `FAIL_UNDER`. The calls are written
 * to `FAIL_LOG`, one a line, up to the one that failed. Only calls of the main thread count; with
 * `FAIL_IN=threads` only those of the first thread that the program starts.
 */
import fs from 'node:fs'
import promises from 'node:fs/promises'
import { syncBuiltinESMExports } from 'node:module'
import { constants } from 'node:os'
import { join } from 'node:path'
import { threadId } from 'node:worker_threads'

type Method = (...args: unknown[]) => unknown

const [number = '0', code = 'EIO'] = (process.env['FAIL_CALL'] ?? '').split(':')
const folder = process.env['FAIL_UNDER'] ?? '/nowhere'
const log = process.env['FAIL_LOG'] ?? '/dev/null'
const { appendFileSync, readlinkSync, closeSync } = fs
const pathOfHandle = new WeakMap<object, string>()
let count = 0

/** Counts the call if it changes something in the folder. @returns its error if it must fail */
function failureOf(name: string, path: string | null): Error | null {
  const isOurs = path?.startsWith(`${folder}/`) === true || path === folder
  if (!isOurs || count >= Number(number)) return null
  count += 1
  appendFileSync(log, `${name} ${path.slice(folder.length)}\n`)
  if (count !== Number(number)) return null
  const errno = constants.errno[code as keyof typeof constants.errno]
  return Object.assign(new Error(`${code}: made to fail, ${name}`), {
    code,
    errno: -errno,
    syscall: name,
    path,
  })
}

const absolute = (path: unknown): string | null =>
  typeof path === 'string' ? join(path.startsWith('/') ? '/' : process.cwd(), path) : null

function pathOfDescriptor(descriptor: unknown): string | null {
  try {
    return readlinkSync(`/proc/self/fd/${Number(descriptor)}`)
  } catch {
    return null
  }
}

const { O_WRONLY, O_RDWR } = fs.constants

function isForReading(name: string, flags: unknown): boolean {
  if (!name.startsWith('open')) return false
  if (typeof flags === 'number') return (flags & (O_WRONLY | O_RDWR)) === 0
  return flags === undefined || flags === 'r'
}

/** What a function of `node:fs` is about to change: by its path, or by its descriptor. */
function targetOf(name: string, [first, second]: readonly unknown[]): string | null {
  if (isForReading(name, typeof second === 'function' ? undefined : second)) return null
  return typeof first === 'number' ? pathOfDescriptor(first) : absolute(first)
}

const changing = [
  'open',
  'rename',
  'link',
  'unlink',
  'mkdir',
  'writeFile',
  'appendFile',
  'utimes',
  'truncate',
  'chmod',
  'copyFile',
  'rm',
]

function patchPromises(): void {
  const target = promises as unknown as Record<string, Method>
  for (const name of changing) {
    const original = target[name] as Method
    target[name] = async (...args: unknown[]) => {
      const failure = failureOf(name, targetOf(name, args))
      if (failure !== null) throw failure
      const result = await original(...args)
      if (name === 'open' && typeof result === 'object' && result !== null)
        pathOfHandle.set(result, absolute(args[0]) ?? '')
      return result
    }
  }
}

async function patchHandles(): Promise<void> {
  const handle = await promises.open(import.meta.filename)
  const prototype = Object.getPrototypeOf(handle) as Record<string, Method>
  await handle.close()
  for (const name of [
    'write',
    'writev',
    'writeFile',
    'appendFile',
    'sync',
    'datasync',
    'utimes',
    'truncate',
  ]) {
    const original = prototype[name] as Method
    prototype[name] = async function (this: object, ...args: unknown[]) {
      const failure = failureOf(name, pathOfHandle.get(this) ?? null)
      if (failure !== null) throw failure
      return await original.apply(this, args)
    }
  }
}

/** `fsync` and others take a callback; `fsyncSync` and others throw. */
function patchCallbacks(): void {
  const target = fs as unknown as Record<string, Method>
  const byDescriptor = ['write', 'writev', 'fsync', 'fdatasync', 'futimes', 'ftruncate']
  for (const name of [...changing, ...byDescriptor]) {
    const [original, sync] = [target[name] as Method, target[`${name}Sync`] as Method]
    target[name] = (...args: unknown[]) => {
      const failure = failureOf(name, targetOf(name, args))
      if (failure === null) return original(...args)
      queueMicrotask(() => (args.at(-1) as Method)(failure))
      return undefined
    }
    target[`${name}Sync`] = (...args: unknown[]) => {
      const failure = failureOf(name, targetOf(name, args))
      if (failure !== null) throw failure
      return sync(...args)
    }
  }
}

const chosenThread = process.env['FAIL_IN'] === 'threads' ? 1 : 0

if (threadId === chosenThread) {
  closeSync(fs.openSync(log, 'a'))
  patchPromises()
  await patchHandles()
  patchCallbacks()
  syncBuiltinESMExports()
}
