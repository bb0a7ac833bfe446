import { spawn } from 'node:child_process'
import { constants } from 'node:os'
import { join } from 'node:path'
import { findNode, root } from './setup.mjs'

/**
 * One Ctrl-C arrives twice or more: from the terminal, and again from npm. What
 * comes within this time of the first is the same wish.
 */
const sameWishMs = 1500

/** How soon after npm the service notices that it was ended. */
const parentCheckMs = 250

/**
 * Node keeps what it compiled here: a third off each start. Only a cache; it may be missing or
 * removed.
 */
const compileCache = join(root, 'node_modules', '.cache', 'node-compile')

/**
 * Runs a program of ours under the right Node, and passes signals on to it.
 *
 * @param {string[]} args the main file and its arguments
 * @param {{ hasLifeline?: boolean }} [options] hasLifeline: the program watches an IPC
 *   channel and ends when this process is gone
 * @returns {Promise<number>} its exit status; 128 + n when signal n ended it
 */
export function runNode(args, { hasLifeline = false } = {}) {
  const child = spawn(findNode(), args, {
    cwd: root,
    env: { NODE_COMPILE_CACHE: compileCache, ...process.env },
    // Away from the terminal's signals, which would reach it a second time.
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
      if (nowMs - lastMs < sameWishMs) return
      lastMs = nowMs
      child.kill(signal)
    })
  }
}

/**
 * npm runs scripts through a shell, and a shell that is ended by a signal does not
 * pass it on: nobody would be left to stop the service.
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
