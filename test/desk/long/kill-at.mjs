/**
 * Preloaded into a process (`node --import`): kills it with SIGKILL just before the change of the
 * disk with the number KILL_AT. On a normal end it prints how many changes there were.
 */
import { writeSync } from 'node:fs'
import promises from 'node:fs/promises'
import { syncBuiltinESMExports } from 'node:module'

const killAt = Number(process.env['KILL_AT'] ?? 'NaN')
let changes = 0
const count = () => {
  changes += 1
  if (changes === killAt) process.kill(process.pid, 'SIGKILL')
}

for (const name of ['rename', 'link', 'rm', 'unlink', 'mkdir']) {
  const real = promises[name]
  promises[name] = (...args) => {
    count()
    return real(...args)
  }
}
const realOpen = promises.open
promises.open = async (path, flags, ...more) => {
  const isWrite = flags !== undefined && flags !== 'r'
  if (isWrite) count()
  const file = await realOpen(path, flags, ...more)
  if (!isWrite) return file
  for (const name of ['write', 'writeFile', 'appendFile', 'sync', 'datasync', 'truncate']) {
    const real = file[name]
    file[name] = (...args) => {
      count()
      return real.apply(file, args)
    }
  }
  return file
}
syncBuiltinESMExports()
process.on('exit', () => writeSync(2, `changes: ${changes}\n`))
