#!/usr/bin/env node
// Plain JavaScript for Node 18 and later: finds a Node that runs TypeScript (24 or later) and
// starts the program with it.
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import * as module from 'node:module'
import { constants } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

const neededMajor = 24
const root = dirname(dirname(fileURLToPath(import.meta.url)))
// Without the file that judges the bundle, the sources run.
const bundle = await import('./bundle-state.mjs').catch(() => null)
const main = bundle?.isBundleCurrent(root)
  ? join(root, 'dist', 'cli', 'tumen.mjs')
  : join(root, 'src', 'cli', 'main.ts')
const forwardedSignals = ['SIGINT', 'SIGTERM', 'SIGHUP']

// Node's compile cache, which halves the start time. It may be missing or not writable.
const compileCache = join(root, 'node_modules', '.cache', 'node-compile')

if (Number(process.versions.node.split('.')[0]) >= neededMajor) {
  module.enableCompileCache(compileCache)
  // Stack traces name the sources of the bundle.
  process.setSourceMapsEnabled(true)
  process.argv[1] = main
  await import(pathToFileURL(main).href)
} else {
  const bundled = join(
    root,
    'node_modules',
    `node-${process.platform}-${process.arch}`,
    'bin',
    'node',
  )
  if (existsSync(bundled)) handOver(bundled)
  else refuse(bundled)
}

function handOver(node) {
  let child = null
  // Registered before the child exists, so that no signal in between is lost.
  for (const signal of forwardedSignals) process.on(signal, () => child?.kill(signal))
  child = spawn(node, ['--enable-source-maps', main, ...process.argv.slice(2)], {
    stdio: 'inherit',
    env: { NODE_COMPILE_CACHE: compileCache, ...process.env },
  })
  child.on('error', (error) => {
    process.stderr.write(
      `tumen: ${node} cannot be started (${error.code}): run \`npm run build\` in ${root}\n`,
    )
    process.exit(1)
  })
  child.on('exit', (code, signal) => {
    process.exit(signal === null ? (code ?? 1) : 128 + constants.signals[signal])
  })
}

function refuse(bundled) {
  process.stderr.write(
    `tumen: needs Node ${neededMajor} or later, this is ${process.versions.node} and ${bundled} is missing:` +
      ` run \`npm start\` or \`npm run build\` in ${root}\n`,
  )
  process.exit(1)
}
