import { describe, expect, it } from 'vitest'
import { commands } from '../support/commands-that-fail.ts'
import { failCommand, prepareCommand } from '../support/failing-commands.ts'

/** An upper limit: no command makes as many calls. */
const maxCalls = 200

describe('a command whose disk fails', () => {
  it.for(Object.keys(commands) as (keyof typeof commands)[])(
    '%s says so, keeps nothing half-made, and works at the next try',
    { timeout: 1_800_000 },
    async (name) => {
      const { dir } = await prepareCommand(commands[name])
      const found: string[] = []
      let count = 0
      for (let number = 1; number <= maxCalls; number += 1) {
        const { call, problems } = await failCommand(commands[name], dir, number)
        if (call === null) break
        count += 1
        found.push(...problems.map((problem) => `${call}: ${problem}`))
      }
      console.log(`${name}: ${count} calls were made to fail`)
      expect(found).toEqual([])
      expect(count).toBeGreaterThan(5)
      expect(count).toBeLessThan(maxCalls)
    },
  )
})
