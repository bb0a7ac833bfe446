import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { intakeEnv } from '../../src/supervise/intake-env.ts'

const program = fileURLToPath(new URL('collections.ts', import.meta.url))

async function countCollections(growth: 'grow' | 'as V8 chooses'): Promise<number> {
  const { stdout } = await promisify(execFile)(process.execPath, [program, growth], {
    env: { ...process.env, ...intakeEnv },
  })
  return Number(stdout)
}

describe('letHeapGrow', () => {
  it('makes V8 search the heap of the intake for garbage less than half as often', async () => {
    const [few, many] = [await countCollections('grow'), await countCollections('as V8 chooses')]
    expect(few).toBeLessThan(many / 2)
  })
})
