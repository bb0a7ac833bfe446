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
const forwardedSignals = ['SIGINT', 'SIGTERM', 'SIGHUP']

if (Number(process.versions.node.split('.')[0]) >= neededMajor) {
  // Node's compile cache, which halves the start time. It may be missing or not writable. The
  // variable turns it on in threads.
  process.env.NODE_COMPILE_CACHE ??= join(root, 'node_modules', '.cache', 'node-compile')
  module.enableCompileCache()
  const main = await findMain()
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

async function findMain() {
  // Without the file that judges the bundle, the sources run.
  const bundle = await import('./bundle-state.mjs').catch(() => null)
  if (!bundle?.isBundleCurrent(root)) return join(root, 'src', 'cli', 'main.ts')
  const { nameSources } = await import('./stack-traces.mjs')
  nameSources()
  return join(root, 'dist', 'cli', 'tumen.mjs')
}

/** Starts this file again, with the other Node. */
function handOver(node) {
  let child = null
  // Registered before the child exists, so that no signal in between is lost.
  for (const signal of forwardedSignals) process.on(signal, () => child?.kill(signal))
  child = spawn(node, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], {
    stdio: 'inherit',
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
