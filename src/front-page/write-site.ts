import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { renderSVG } from 'uqr'
import { FRONT_LANGUAGES, frontPage } from '../page/front-page.ts'
import { FrontPageError } from './errors.ts'
import { caddyConfig, nginxConfig } from './servers.ts'

const pageFolder = new URL('../page/', import.meta.url)
/** The name in the sample configurations if none is given; reserved by RFC 2606. */
const exampleName = 'tips.example.org'
/** Light modules around the QR code (ISO/IEC 18004): a phone then reads it on a dark page too. */
const quietZone = 4

export interface SiteOptions {
  folder: string
  /** The onion address, `….onion`. */
  onion: string
  name?: string | undefined
}

/**
 * Writes `www/`, which any web server can serve, and sample configurations for two web servers.
 * The files are readable for all users: a web server runs as another user, and nothing is secret.
 *
 * @throws FrontPageError `FOLDER_NOT_EMPTY`; errors of the file system.
 */
export async function writeSite({ folder, onion, name = exampleName }: SiteOptions): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o755 })
  if ((await readdir(folder)).length > 0)
    throw new FrontPageError('FOLDER_NOT_EMPTY', `${folder} is not empty: name a new folder`)
  const www = join(folder, 'www')
  const write = async (path: string, content: string | Uint8Array) =>
    await writeFile(join(folder, path), content, { mode: 0o644, flag: 'wx' })
  await mkdir(www, { mode: 0o755 })
  await write(
    'www/index.html',
    frontPage({ language: FRONT_LANGUAGES[0], onion, up: './', onionPath: '/' }),
  )
  for (const language of FRONT_LANGUAGES) {
    await mkdir(join(www, language), { mode: 0o755 })
    await write(
      `www/${language}/index.html`,
      frontPage({ language, onion, up: '../', onionPath: `/${language}/` }),
    )
  }
  await write('www/onion.svg', renderSVG(`http://${onion}/`, { ecc: 'M', border: quietZone }))
  await write('www/style.css', await readFile(new URL('style/page.css', pageFolder)))
  await write('www/icon.svg', await readFile(new URL('icon.svg', pageFolder)))
  const server = { name, onion, root: '/srv/tumen-front-page/www' }
  await write('nginx.conf', nginxConfig(server))
  await write('Caddyfile', caddyConfig(server))
}
