import { spawnSync } from 'node:child_process'
import { cpSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { alertRulesYaml, memoryAlertBytes } from '../../src/ops/alerts.ts'
import { makeTempDir } from '../support/temp-dir.ts'

const folder = 'config/prometheus'

function promtool(...args: string[]) {
  const { status, stdout, stderr } = spawnSync('promtool', args, { encoding: 'utf8' })
  return { status, said: stdout + stderr }
}

describe('the tests of the alert rules', () => {
  it('would fail their tests with one that never fires, fires for everything, or fires at once', async () => {
    const dir = await makeTempDir()
    cpSync(folder, dir, { recursive: true })
    const rules = alertRulesYaml()
      .replace('{code=\\"REDIS_UNREACHABLE\\"} == 1', '{code=\\"REDIS_UNREACHABLE\\"} == 2')
      .replace('{code=\\"INTAKE_MISSING\\"} == 1', ' == 1')
      .replace(/(alert: TumenDiskFull\n.*\n +for: )1m/, '$10m')
    writeFileSync(join(dir, 'alerts.yml'), rules)
    const { status, said } = promtool('test', 'rules', join(dir, 'alerts.test.yml'))
    const failed = new Set([...said.matchAll(/alertname: (\w+)/g)].map((match) => match[1]))
    expect([...failed].sort()).toEqual([
      'TumenDiskFull',
      'TumenIntakeMissing',
      'TumenRedisUnreachable',
    ])
    expect(status).not.toBe(0)
  })

  it('warn of memory below the limits that systemd and compose set', () => {
    const compose = parse(readFileSync('docker-compose.yml', 'utf8'), { merge: true }) as {
      services: Record<string, { mem_limit: string }>
    }
    for (const [role, bytes] of Object.entries(memoryAlertBytes)) {
      const unit = readFileSync(`config/systemd/tumen-${role}.service`, 'utf8')
      const limit = Number(/^MemoryMax=(\d+)M$/m.exec(unit)?.[1]) * 2 ** 20
      expect(bytes).toBe(0.75 * limit)
      expect(compose.services[role]?.mem_limit).toBe(`${limit / 2 ** 20}m`)
    }
  })
})
