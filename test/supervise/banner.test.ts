import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { loadSettings } from '../../config/settings.ts'
import { readyText } from '../../src/supervise/banner.ts'

describe('readyText', () => {
  it('shows the urls and, for a demo, three commands', () => {
    const text = readyText(loadSettings({}), true)
    expect(text).toContain('the page         http://127.0.0.1:8440/\n')
    expect(text).toContain('health, metrics  http://127.0.0.1:8441/\n')
    expect(text.match(/^ {2}.*npx tumen/gm)).toHaveLength(3)
    expect(text).toContain('--identity var/demo/demo.identity')
    expect(text).not.toContain('export TUMEN')
  })

  it('shows other commands for a real keyring, whose identity is not here', () => {
    const text = readyText(loadSettings({}), false)
    expect(text.match(/^ {2}.*npx tumen/gm)).toHaveLength(3)
    expect(text).not.toContain('--identity')
  })

  it('says which settings the commands need, quoted for a shell', () => {
    const text = readyText(loadSettings({ TUMEN_DATA_DIR: "/d/it's" }), true)
    expect(text).toContain(String.raw`export TUMEN_DATA_DIR='/d/it'\''s'`)
  })

  it('shows sockets and reachable names', () => {
    const text = readyText(
      loadSettings({
        TUMEN_LISTEN: '0.0.0.0:80',
        TUMEN_OPS_LISTEN: 'unix:/run/ops.sock',
        TUMEN_ONION_SOCKET: 'onion.sock',
      }),
      false,
    )
    expect(text).toContain('http://localhost:80/')
    expect(text).toContain('unix:/run/ops.sock')
    expect(text).toContain(`socket for tor   ${resolve('onion.sock')}`)
  })
})
