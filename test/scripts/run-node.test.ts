import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { isAlive, until } from '../supervise/start.ts'

const runNode = new URL('../../scripts/run-node.mjs', import.meta.url).href

/** Runs a program through `runNode`, in a process of its own. */
function runThrough(program: string, hasLifeline: boolean, isUnderNpm = false) {
  const code = `const { runNode } = await import('${runNode}'); process.exitCode = await runNode(['-e', ${JSON.stringify(program)}], { hasLifeline: ${hasLifeline} })`
  // Like npm, through a shell, which does not forward signals.
  const [command, args] = isUnderNpm
    ? ([
        '/bin/sh',
        ['-c', '"$0" --input-type=module -e "$1"; true', process.execPath, code],
      ] as const)
    : ([process.execPath, ['--input-type=module', '-e', code]] as const)
  const child = spawn(command, args, {
    cwd: fileURLToPath(new URL('../..', import.meta.url)),
    env: { ...process.env, npm_lifecycle_event: isUnderNpm ? 'start' : '' },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let output = ''
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString()
  })
  const exit = once(child, 'close')
  return {
    child,
    exit,
    output: () => output,
    untilOutput: (text: string) =>
      until(
        () => output.includes(text),
        () => text,
      ),
  }
}

const waiting = 'setInterval(() => {}, 1000); console.log("pid", process.pid);'

describe('runNode', () => {
  it('passes the exit status on', async () => {
    expect(await runThrough('process.exit(7)', true).exit).toEqual([7, null])
    expect(await runThrough('process.kill(process.pid, "SIGKILL")', true).exit).toEqual([137, null])
  })

  it('runs Node 24 or later', async () => {
    const run = runThrough('console.log(process.versions.node)', false)
    await run.exit
    expect(Number(run.output().split('.')[0])).toBeGreaterThanOrEqual(24)
  })

  it('passes repeated signals on only once', async () => {
    const run = runThrough(
      `let n = 0; const on = () => { n += 1; console.log('got', n); setTimeout(() => process.exit(n), 300) }; process.on('SIGINT', on); process.on('SIGTERM', on); ${waiting}`,
      true,
    )
    await run.untilOutput('pid')
    run.child.kill('SIGINT')
    run.child.kill('SIGTERM')
    await run.untilOutput('got')
    run.child.kill('SIGINT')
    expect(await run.exit).toEqual([1, null])
  })

  it('stops the program when npm and its shell were ended', async () => {
    const run = runThrough(`process.on('SIGTERM', () => process.exit(0)); ${waiting}`, true, true)
    await run.untilOutput('pid')
    const pid = Number(/pid (\d+)/.exec(run.output())?.[1])
    run.child.kill('SIGTERM')
    await until(
      () => !isAlive(pid),
      () => `${pid} to end`,
    )
  })

  it('gives the program a lifeline', async () => {
    const run = runThrough(`process.on('disconnect', () => process.exit(0)); ${waiting}`, true)
    await run.untilOutput('pid')
    const pid = Number(/pid (\d+)/.exec(run.output())?.[1])
    run.child.kill('SIGKILL')
    await until(
      () => !isAlive(pid),
      () => `${pid} to end`,
    )
  })
})
