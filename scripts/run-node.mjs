import { spawn } from 'node:child_process'
import { constants } from 'node:os'
import { join } from 'node:path'
import { findNode, root } from './setup.mjs'

/**
 * One Ctrl-C arrives more than once: from the terminal, and again from npm. Signals within this
 * time of the first one count as the same request to stop.
 */
const sameRequestMs = 1500

/** How often to check whether npm has ended. */
const parentCheckMs = 250

/**
 * Node stores compiled code here, which saves a third of each start. It is only a cache and may be
 * deleted.
 */
const compileCache = join(root, 'node_modules', '.cache', 'node-compile')

/**
 * Runs one of our programs under the right Node and forwards signals to it.
 *
 * @param {string[]} args the main file and its arguments
 * @param {{ hasLifeline?: boolean }} [options] hasLifeline: the program watches an IPC channel and
 *   ends when this process is gone
 * @returns {Promise<number>} the exit status, or 128 + n when signal n ended the program
 */
export function runNode(args, { hasLifeline = false } = {}) {
  const child = spawn(findNode(), args, {
    cwd: root,
    env: { NODE_COMPILE_CACHE: compileCache, ...process.env },
    // In a process group of its own, because the terminal would send it every signal a second time.
    detached: hasLifeline,
    stdio: hasLifeline ? ['ignore', 'inherit', 'inherit', 'ipc'] : 'inherit',
  })
  passSignalsOn(child)
  if (hasLifeline && process.env.npm_lifecycle_event) stopWithParent(child)
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', (code, signal) => {
      resolve(signal === null ? (code ?? 1) : 128 + constants.signals[signal])
    })
  })
}

/** @param {import('node:child_process').ChildProcess} child */
function passSignalsOn(child) {
  let lastMs = -Infinity
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
    process.on(signal, () => {
      const nowMs = performance.now()
      if (nowMs - lastMs < sameRequestMs) return
      lastMs = nowMs
      child.kill(signal)
    })
  }
}

/**
 * Stops the child when npm has ended. npm runs scripts through a shell, and a shell that is ended
 * by a signal does not forward it: the service would keep running with nothing left to stop it.
 *
 * @param {import('node:child_process').ChildProcess} child
 */
function stopWithParent(child) {
  const parent = process.ppid
  const timer = setInterval(() => {
    if (process.ppid === parent) return
    clearInterval(timer)
    child.kill('SIGTERM')
  }, parentCheckMs)
  timer.unref()
}
