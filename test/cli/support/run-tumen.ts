import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { onTestFinished } from 'vitest'

export const tumenPath = resolve(import.meta.dirname, '../../../bin/tumen.mjs')

export interface Finished {
  readonly status: number | null
  readonly stdout: string
  readonly stderr: string
}

/** Runs the real command line in its own process, with only the given `TUMEN_*` settings. */
export function runTumen(
  cwd: string,
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<Finished> {
  return runProgram(process.execPath, cwd, [tumenPath, ...args], env)
}

export function runProgram(
  program: string,
  cwd: string,
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<Finished> {
  return new Promise((settle, reject) => {
    const { PATH = '' } = process.env
    const child = spawn(program, args, {
      cwd,
      env: { PATH, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let stdout = ''
    let stderr = ''
    child.stdout.setEncoding('utf8').on('data', (piece: string) => (stdout += piece))
    child.stderr.setEncoding('utf8').on('data', (piece: string) => (stderr += piece))
    child.on('error', reject)
    child.on('close', (status) => settle({ status, stdout, stderr }))
  })
}

export async function makeTempDir(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'tumen-cli-'))
  onTestFinished(() => rm(dir, { recursive: true, force: true }))
  return dir
}
