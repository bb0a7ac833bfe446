import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { textsOf } from '../../src/page/all-texts.ts'
import { FRONT_LANGUAGES } from '../../src/page/front-page.ts'
import { runHere } from '../cli/support/run-here.ts'
import { makeTempDir } from '../support/temp-dir.ts'
import { filesBelow } from './files-below.ts'

const onion = `${'tumen'.repeat(11)}d.onion`

let dir: string
const run = (...args: string[]) => runHere({ dir, env: {} }, ['front-page', ...args])
const read = (path: string) => readFileSync(join(dir, 'out', path), 'utf8')
beforeEach(async () => {
  dir = await makeTempDir()
})

describe('tumen front-page', () => {
  it('writes static files for a web server, and sample configurations for two servers', async () => {
    expect(await run('--onion', onion, '-o', 'out', '--name', 'help.example.org')).toMatchObject({
      status: 0,
      stderr: '',
    })
    expect(filesBelow(join(dir, 'out'))).toEqual([
      'Caddyfile',
      'nginx.conf',
      'www/en/index.html',
      'www/icon.svg',
      'www/index.html',
      'www/ko/index.html',
      'www/onion.svg',
      'www/style.css',
      'www/zh/index.html',
    ])
    expect(statSync(join(dir, 'out', 'www', 'ko')).mode & 0o777).toBe(0o755)
    for (const config of [read('nginx.conf'), read('Caddyfile')]) {
      expect(config).toContain('help.example.org')
      expect(config).toContain(`http://${onion}`)
      expect(config).toContain("frame-ancestors 'none'")
    }
  })

  it('explains in each language the way and what a visit reveals, without inputs or outside requests', async () => {
    await run('--onion', onion, '-o', 'out')
    for (const [path, language] of [
      ['www/index.html', 'en'] as const,
      ...FRONT_LANGUAGES.map((language) => [`www/${language}/index.html`, language] as const),
    ]) {
      const html = read(path)
      const shown = html.replace(/<[^>]*>/g, '').replaceAll('&#39;', "'")
      for (const { heading, lines } of [
        textsOf(language).frontPage.seen,
        textsOf(language).frontPage.get,
        textsOf(language).frontPage.blocked,
      ]) {
        for (const line of [heading, ...lines]) expect(shown).toContain(line.replaceAll('`', ''))
      }
      expect(shown).toContain(onion)
      expect(html).not.toMatch(
        /<(script|form|input|textarea|select|button|iframe|object|embed|audio|video|base|meta http-equiv="refresh")|\son\w+=|style=/i,
      )
      // Nothing is loaded from outside the folder, and no link leads there; the one exception is
      // the onion address that Tor Browser offers by itself.
      const addresses = [...html.matchAll(/(?:src|href|srcset|action|content)="([^"]*)"/g)]
        .map((match) => match[1] ?? '')
        .filter((text) => /^\w+:|^\/\//.test(text))
      expect(addresses).toEqual([
        `http://${onion}${path === 'www/index.html' ? '/' : `/${language}/`}`,
      ])
      expect(html).toContain('<meta http-equiv="onion-location"')
    }
    expect(read('www/style.css') + read('www/onion.svg') + read('www/icon.svg')).not.toMatch(
      /url\(|@import|href=|<script/,
    )
  })

  it.each([
    [['-o', 'out'], '--onion ADDRESS and -o FOLDER are needed'],
    [['--onion', 'http://x.onion', '-o', 'out'], '--onion must be 56 letters'],
    [['--onion', `${onion}:8080`, '-o', 'out'], '--onion must have no port'],
    [['--onion', onion, '-o', 'out', '--name', 'a b; root /'], '--name must be a host name'],
  ])('refuses %j and writes nothing', async (args, says) => {
    expect(await run(...args)).toMatchObject({ status: 2, stderr: expect.stringContaining(says) })
    expect(filesBelow(dir)).toEqual([])
  })

  it('overwrites nothing', async () => {
    writeFileSync(join(dir, 'mine'), '')
    expect(await run('--onion', onion, '-o', '.')).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('is not empty'),
    })
    expect(filesBelow(dir)).toEqual(['mine'])
  })
})
