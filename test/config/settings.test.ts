import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  loadSettings,
  SettingsError,
  settingsMarkdown,
  settingsTable,
} from '../../config/settings.ts'

function problemsOf(env: Record<string, string>) {
  try {
    loadSettings(env)
  } catch (error) {
    if (error instanceof SettingsError) return error.problems
    throw error
  }
  return []
}

describe('loadSettings', () => {
  describe('when nothing is set', () => {
    it('gives the documented defaults', () => {
      expect(loadSettings({ PATH: '/bin' })).toEqual({
        listen: { host: '127.0.0.1', port: 8440 },
        onionSocket: null,
        opsListen: { host: '127.0.0.1', port: 8441 },
        opsTokenFile: null,
        redisUrl: null,
        dataDir: resolve('var'),
        store: { kind: 'fs' },
        s3Endpoint: null,
        s3Region: 'us-east-1',
        s3AccessKeyFile: null,
        s3SecretKeyFile: null,
        s3CreateBucket: false,
        sharedKeyFile: null,
        chores: null,
        keysDir: resolve('keys'),
        maxBytes: 2147483648,
        retentionDays: 30,
        reserveBytes: 268435456,
        maxUploads: 64,
        maxUnfinished: 2048,
        maxConnections: 2048,
        circuitConnections: 256,
        circuitUploads: 32,
        circuitUnfinished: 64,
        circuitRequests: 1800,
        circuitEnvelopes: 200,
        silentDays: 1,
        sweepSeconds: 10,
        idleSeconds: 120,
        metricsStepMinutes: 15,
        torDir: null,
        canaryMinutes: 5,
        onionAddress: null,
        torSocks: null,
        notifyMinutes: 15,
        notifyWebhook: null,
        notifyNtfy: null,
        notifySmtp: null,
        notifyFrom: null,
        notifyTo: null,
      })
    })

    it('treats an empty variable as unset', () => {
      expect(loadSettings({ TUMEN_REDIS_URL: '', TUMEN_LISTEN: '' })).toEqual(loadSettings({}))
    })
  })

  describe('when TUMEN_STORE names a bucket', () => {
    const keys = { TUMEN_S3_ACCESS_KEY_FILE: '/a', TUMEN_S3_SECRET_KEY_FILE: '/b' }

    it.each([
      ['s3://tips', { kind: 's3', bucket: 'tips', prefix: '' }],
      ['s3://tips/', { kind: 's3', bucket: 'tips', prefix: '' }],
      ['s3://tips/here/and.there/', { kind: 's3', bucket: 'tips', prefix: 'here/and.there' }],
    ])('reads %s', (TUMEN_STORE, store) => {
      expect(loadSettings({ TUMEN_STORE, ...keys })).toMatchObject({ store })
    })

    it.each(['s3://', 's3://a', 's3://-tips', 's3://tips/../up', 's3://tips/a//b', 's3://tips/ä'])(
      'refuses %s',
      (TUMEN_STORE) => {
        expect(problemsOf({ TUMEN_STORE, ...keys }).map(({ name }) => name)).toEqual([
          'TUMEN_STORE',
        ])
      },
    )

    it('needs both key files', () => {
      expect(problemsOf({ TUMEN_STORE: 's3://tips' }).map(({ text }) => text)).toEqual([
        'needs TUMEN_S3_ACCESS_KEY_FILE',
        'needs TUMEN_S3_SECRET_KEY_FILE',
      ])
    })

    it.each(['store.example:7480', 'https://u:p@store.example', 'https://store.example/path'])(
      'refuses the endpoint %s',
      (TUMEN_S3_ENDPOINT) => {
        expect(problemsOf({ TUMEN_S3_ENDPOINT }).map(({ name }) => name)).toEqual([
          'TUMEN_S3_ENDPOINT',
        ])
      },
    )
  })

  describe('when a path is not one', () => {
    it.each([
      [' ', 'without blanks at its ends'],
      ['/srv/tumen ', 'without blanks at its ends'],
      ['/srv/tumen\n', 'without blanks at its ends'],
      ['/srv/\u0000', 'without control characters'],
      ['~', 'only a shell replaces ~'],
      ['~/tumen', 'only a shell replaces ~'],
      ['unix:/run/tumen.sock', 'without unix:'],
    ])('refuses %j', (path, words) => {
      for (const name of ['TUMEN_DATA_DIR', 'TUMEN_KEYS_DIR', 'TUMEN_ONION_SOCKET'])
        expect(problemsOf({ [name]: path })).toEqual([
          { name, text: expect.stringContaining(words) },
        ])
    })

    it.each(['/srv/two words', './~var', 'a:b'])('takes %j', (path) => {
      expect(loadSettings({ TUMEN_DATA_DIR: path }).dataDir).toBe(resolve(path))
    })
  })

  describe('when several settings are wrong', () => {
    it('reports all of them, by name, with the way out', () => {
      const problems = problemsOf({
        TUMEN_LISTEN: 'nowhere',
        TUMEN_MAX_BYTES: '-1',
        TUMEN_STORE: 's3://Tips',
        TUMEN_SWEEP_SECONDS: '1.5',
      })
      expect(problems.map((problem) => problem.name)).toEqual([
        'TUMEN_LISTEN',
        'TUMEN_STORE',
        'TUMEN_MAX_BYTES',
        'TUMEN_SWEEP_SECONDS',
      ])
      expect(problems[0]?.text).toBe(
        'must be host:port such as 127.0.0.1:8440, [::1]:8440, or unix:/path/to/socket, not "nowhere"',
      )
      expect(problems[1]?.text).toContain('must be fs or s3:')
    })
  })

  describe('when a name is not a setting', () => {
    it('suggests the nearest one', () => {
      expect(problemsOf({ TUMEN_DATADIR: '/x' })).toEqual([
        { name: 'TUMEN_DATADIR', text: 'is not a setting; did you mean TUMEN_DATA_DIR?' },
      ])
    })

    it('suggests nothing when none is near', () => {
      expect(problemsOf({ TUMEN_ZZZZZZZZZZZZ: '1' })[0]?.text).toBe('is not a setting; remove it')
      expect(problemsOf({ [`TUMEN_${'A'.repeat(5000)}`]: '1' })[0]?.text).toBe(
        'is not a setting; remove it',
      )
    })
  })

  describe('when the redis url is wrong', () => {
    it('does not repeat it', () => {
      for (const url of [
        'http://u:hunter2@host',
        'redis://u:hunter2@',
        'redis://:hunter2@h/x',
        'unix:hunter2',
      ]) {
        const [problem] = problemsOf({ TUMEN_REDIS_URL: url })
        expect(problem?.name).toBe('TUMEN_REDIS_URL')
        expect(JSON.stringify(problem)).not.toContain('hunter2')
      }
    })
  })

  describe('when a redis url is right', () => {
    it.each(['redis://localhost', 'redis://u:p@h:6379/2', 'rediss://h:1', 'unix:/run/redis.sock'])(
      'takes %s',
      (url) => {
        expect(loadSettings({ TUMEN_REDIS_URL: url }).redisUrl).toBe(url)
      },
    )

    it('normalises unix:///', () => {
      expect(loadSettings({ TUMEN_REDIS_URL: 'unix:///run/r.sock' }).redisUrl).toBe(
        'unix:/run/r.sock',
      )
    })
  })

  describe('when an address is given', () => {
    it.each([
      ['0.0.0.0:0', { host: '0.0.0.0', port: 0 }],
      ['[::1]:65535', { host: '::1', port: 65535 }],
      ['tumen.internal:80', { host: 'tumen.internal', port: 80 }],
      ['unix:/run/t.sock', { path: '/run/t.sock' }],
    ])('reads %s', (text, address) => {
      expect(loadSettings({ TUMEN_LISTEN: text }).listen).toEqual(address)
    })

    it.each([
      '8440',
      '127.0.0.1',
      'h:65536',
      'h:-1',
      ':80',
      'unix:',
      'unix:run/t',
      'h:1 ',
      'http://h:1',
      '::1:80',
    ])('refuses %s', (text) => {
      expect(problemsOf({ TUMEN_LISTEN: text })).toHaveLength(1)
    })

    it('accepts a socket path of 107 bytes and refuses 108', () => {
      const path = `/${'s'.repeat(106)}`
      expect(loadSettings({ TUMEN_ONION_SOCKET: path }).onionSocket).toBe(path)
      expect(problemsOf({ TUMEN_ONION_SOCKET: `${path}s` })).toHaveLength(1)
      expect(problemsOf({ TUMEN_LISTEN: `unix:${path}s` })).toHaveLength(1)
    })
  })

  describe('when two listeners share a place', () => {
    it('names both', () => {
      expect(problemsOf({ TUMEN_OPS_LISTEN: '127.0.0.1:8440' })).toEqual([
        {
          name: 'TUMEN_OPS_LISTEN',
          text: 'is the same address as TUMEN_LISTEN; choose another one',
        },
      ])
      expect(problemsOf({ TUMEN_LISTEN: 'unix:/a', TUMEN_ONION_SOCKET: '/a' })).toHaveLength(1)
    })

    it('lets both ask for any free port', () => {
      expect(problemsOf({ TUMEN_LISTEN: '127.0.0.1:0', TUMEN_OPS_LISTEN: '127.0.0.1:0' })).toEqual(
        [],
      )
    })
  })

  describe('when notes go somewhere', () => {
    const socks = { TUMEN_TOR_SOCKS: '127.0.0.1:9050' }
    const onion = `${'a2'.repeat(28)}.onion`

    it.each([
      'https://example.org/hook?token=x',
      'http://127.0.0.1:8080/',
      'http://[::1]/',
      'http://localhost/',
      `http://${onion}/x`,
      `https://${onion.toUpperCase()}/`,
    ])('accepts %s', (url) => {
      expect(problemsOf({ TUMEN_NOTIFY_WEBHOOK: url, TUMEN_NOTIFY_NTFY: url, ...socks })).toEqual(
        [],
      )
    })

    it.each([
      'http://example.org/',
      'http://127.0.0.1.example.org/',
      'http://localhost.example.org/',
      'http://onion/',
      'http://x.onion.org/',
      'http://10.0.0.1/',
      'ftp://example.org',
      'https://',
      'hook',
      'smtps://example.org',
      `https://example.org/${'x'.repeat(2048)}`,
    ])('refuses %s and does not repeat it', (url) => {
      const [problem] = problemsOf({ TUMEN_NOTIFY_WEBHOOK: url })
      expect(problem?.name).toBe('TUMEN_NOTIFY_WEBHOOK')
      expect(problem?.text).toBe('must be https://…; http:// only to 127.0.0.1, [::1] or an onion')
    })

    it.each([`http://${onion}/`, `https://${onion.toUpperCase()}/`, `https://${onion}./`])(
      'needs the proxy for %s: a name server must not be asked',
      (url) => {
        expect(problemsOf({ TUMEN_NOTIFY_WEBHOOK: url })).toEqual([
          { name: 'TUMEN_NOTIFY_WEBHOOK', text: 'needs TUMEN_TOR_SOCKS' },
        ])
        expect(problemsOf({ TUMEN_NOTIFY_WEBHOOK: url, ...socks })).toEqual([])
      },
    )

    it('accepts several mail addresses, but no list with an invalid one', () => {
      const mail = { TUMEN_NOTIFY_SMTP: 'smtps://mail.example.org', TUMEN_NOTIFY_FROM: 'a@b' }
      const to = (list: string) => ({ ...mail, TUMEN_NOTIFY_TO: list })
      expect(loadSettings(to('c@d.example, e@f.example')).notifyTo).toEqual([
        'c@d.example',
        'e@f.example',
      ])
      const people = (count: number) => Array.from({ length: count }, (_, n) => `p${n}@d`).join(',')
      expect(loadSettings(to(people(20))).notifyTo).toHaveLength(20)
      for (const list of [people(21), 'c@d,', 'c@d;e@f', 'c@d,e', 'c@d\r\nBcc: x@y,e@f'])
        expect(problemsOf(to(list)), list).toHaveLength(1)
    })

    it.each([
      'smtps://mail.example.org',
      'smtp://user:hunter2@mail.example.org:587',
      'smtp://127.0.0.1',
    ])('accepts %s as a mail server', (url) => {
      const mail = { TUMEN_NOTIFY_FROM: 'a@b', TUMEN_NOTIFY_TO: 'c@d' }
      expect(loadSettings({ ...mail, TUMEN_NOTIFY_SMTP: url }).notifySmtp?.href).toContain('smtp')
    })

    it.each(['https://mail.example.org', 'smtp:', 'smtp://', 'mail.example.org:hunter2'])(
      'refuses %s for a mail server and does not repeat it',
      (url) => {
        const [problem] = problemsOf({ TUMEN_NOTIFY_SMTP: url })
        expect(problem?.text).toBe('must be smtps://host (TLS) or smtp://host (STARTTLS, port 587)')
      },
    )

    it('requires a recipient and a sender for mail', () => {
      const mail = { TUMEN_NOTIFY_SMTP: 'smtps://u:hunter2@mail.example.org' }
      expect(problemsOf(mail).map(({ text }) => text)).toEqual([
        'needs TUMEN_NOTIFY_FROM',
        'needs TUMEN_NOTIFY_TO',
      ])
      expect(
        problemsOf({
          ...mail,
          TUMEN_NOTIFY_FROM: 'a@b.example',
          TUMEN_NOTIFY_TO: 'c.d+e@f.example',
        }),
      ).toEqual([])
      for (const address of [
        'a',
        'a@',
        '@b',
        'a@b c',
        'a@b\r\nBcc: x@y',
        'a@b,c@d',
        '<a@b>',
        `${'a'.repeat(65)}@b`,
      ]) {
        expect(
          problemsOf({ ...mail, TUMEN_NOTIFY_FROM: address, TUMEN_NOTIFY_TO: 'c@d' }),
        ).toHaveLength(1)
      }
    })
  })

  describe('when there is an onion', () => {
    const host = `${'a2'.repeat(28)}.onion`
    it('requires the proxy that leads to it', () => {
      expect(problemsOf({ TUMEN_ONION_ADDRESS: host })).toEqual([
        { name: 'TUMEN_ONION_ADDRESS', text: 'needs TUMEN_TOR_SOCKS' },
      ])
      const settings = loadSettings({
        TUMEN_ONION_ADDRESS: `${host}:81`,
        TUMEN_TOR_SOCKS: 'localhost:9050',
      })
      expect(settings).toMatchObject({
        onionAddress: { host, port: 81 },
        torSocks: { host: 'localhost', port: 9050 },
      })
    })

    it('accepts the socket of the neighbouring tor as the proxy', () => {
      expect(problemsOf({ TUMEN_ONION_ADDRESS: host, TUMEN_TOR_DIR: '/run/tumen/tor' })).toEqual([])
      expect(
        problemsOf({ TUMEN_NOTIFY_WEBHOOK: `http://${host}/`, TUMEN_TOR_DIR: '/run/tumen/tor' }),
      ).toEqual([])
    })

    it.each([
      'x.onion',
      `http://${host}`,
      `${host}:0`,
      `${host}:65536`,
      `a.${host}`,
      host.toUpperCase(),
    ])('refuses %s', (text) => {
      expect(
        problemsOf({ TUMEN_ONION_ADDRESS: text, TUMEN_TOR_SOCKS: 'localhost:9050' }),
      ).toHaveLength(1)
    })

    it.each(['9050', 'localhost:0', 'unix:/run/tor/socks', 'socks5://localhost:9050'])(
      'refuses the proxy %s',
      (text) => {
        expect(problemsOf({ TUMEN_TOR_SOCKS: text })).toHaveLength(1)
      },
    )
  })

  it('can turn canaries off, and refuses an interval under a minute', () => {
    expect(loadSettings({ TUMEN_CANARY_MINUTES: '0' }).canaryMinutes).toBe(0)
    for (const text of ['-1', '0.5', '1441'])
      expect(problemsOf({ TUMEN_CANARY_MINUTES: text })).toHaveLength(1)
  })

  describe('at the bounds of a number', () => {
    it.each([
      ['TUMEN_MAX_BYTES', 65536, 1024 ** 4],
      ['TUMEN_RETENTION_DAYS', 0, 3650],
      ['TUMEN_RESERVE_BYTES', 0, 1024 ** 4],
      ['TUMEN_MAX_UPLOADS', 1, 10000],
      ['TUMEN_MAX_UNFINISHED', 1, 10000],
      ['TUMEN_SILENT_DAYS', 1, 30],
      ['TUMEN_SWEEP_SECONDS', 1, 3600],
      ['TUMEN_IDLE_SECONDS', 1, 3600],
      ['TUMEN_METRICS_STEP_MINUTES', 1, 1440],
      ['TUMEN_NOTIFY_MINUTES', 1, 1440],
    ])('%s is from %d to %d', (name, min, max) => {
      expect(problemsOf({ [name]: `${min}` })).toEqual([])
      expect(problemsOf({ [name]: `${max}` })).toEqual([])
      expect(problemsOf({ [name]: `${min - 1}` })).toHaveLength(1)
      expect(problemsOf({ [name]: `${max + 1}` })).toHaveLength(1)
    })

    it('reads byte suffixes', () => {
      expect(loadSettings({ TUMEN_MAX_BYTES: '2GiB' }).maxBytes).toBe(2147483648)
      for (const text of ['2GB', '2 GiB', '0x10000', '1e9', '٢٠٠٠٠٠']) {
        expect(problemsOf({ TUMEN_MAX_BYTES: text })).toHaveLength(1)
      }
    })
  })

  it('lets only SettingsError escape, whatever the environment', () => {
    const names = Object.values(settingsTable).map((setting) => setting.name)
    const name = fc.oneof(
      fc.constantFrom(...names),
      fc.string().map((text) => `TUMEN_${text}`),
    )
    const value = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.webUrl(),
      fc.constantFrom('unix:', 'redis://', '9'.repeat(400)),
    )
    fc.assert(
      fc.property(fc.dictionary(name, value), (env) => {
        for (const problem of problemsOf(env)) {
          expect(`${problem.name} ${problem.text}`).not.toMatch(/[\n\r\u001b]/)
        }
      }),
      { numRuns: 1000 },
    )
  })
})

describe('settingsMarkdown', () => {
  it('has one row for each setting', () => {
    const rows = settingsMarkdown().trim().split('\n').slice(2)
    expect(rows).toHaveLength(Object.keys(settingsTable).length)
    for (const row of rows) expect(row.match(/ \| /g)).toHaveLength(3)
  })

  it('is what docs/settings.md shows', () => {
    const text = readFileSync('docs/settings.md', 'utf8')
    const shown = /<!-- settings -->\n([\s\S]*?)<!-- \/settings -->/.exec(text)?.[1]
    expect(shown?.trim()).toBe(settingsMarkdown().trim())
  })
})
