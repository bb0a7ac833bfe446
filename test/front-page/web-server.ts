import { spawn, spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { freePort, until } from '../supervise/start.ts'

export interface WebServer {
  port: number
  close: () => void
}

export const isThere = (program: string) =>
  spawnSync(program, ['-v'], { env: { ...process.env, PATH: `${process.env['PATH']}:/usr/sbin` } })
    .error === undefined

/**
 * Starts nginx with the sample configuration of a site in `folder`; its own files are in `dir`.
 * Without TLS, because a test has no certificate.
 */
export async function startNginx(folder: string, dir: string): Promise<WebServer> {
  const port = await freePort()
  const sample = readFileSync(join(folder, 'nginx.conf'), 'utf8')
    .replace(/\/srv\/tumen-front-page/g, folder)
    .replace(/listen 443 ssl http2/, `listen 127.0.0.1:${port}`)
    .replace(/listen 80/, `listen 127.0.0.1:${await freePort()}`)
    .replace(/^ +(listen \[::\]|ssl_).*\n/gm, '')
  mkdirSync(join(dir, 'tmp'), { recursive: true })
  writeFileSync(join(dir, 'site.conf'), sample)
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
    .map((name) => `${name}_temp_path ${join(dir, 'tmp', name)};`)
    .join(' ')
  const types = 'types { text/html html; text/css css; image/svg+xml svg; }'
  writeFileSync(
    join(dir, 'nginx.conf'),
    `daemon off; pid ${join(dir, 'pid')}; error_log /dev/null; ${process.getuid?.() === 0 ? 'user root;' : ''}\nevents {}\nhttp { access_log off; ${types} ${temporary} include ${join(dir, 'site.conf')}; }\n`,
  )
  return await start(
    'nginx',
    ['-p', dir, '-e', '/dev/null', '-c', join(dir, 'nginx.conf')],
    dir,
    port,
  )
}

export async function startCaddy(folder: string, dir: string): Promise<WebServer> {
  const port = await freePort()
  mkdirSync(dir, { recursive: true })
  writeFileSync(
    join(dir, 'Caddyfile'),
    readFileSync(join(folder, 'Caddyfile'), 'utf8')
      .replace(/\/srv\/tumen-front-page/g, folder)
      .replace(/^\S+\.\S+ \{/m, `http://127.0.0.1:${port} {`),
  )
  return await start(
    'caddy',
    ['run', '--config', join(dir, 'Caddyfile'), '--adapter', 'caddyfile'],
    dir,
    port,
  )
}

async function start(
  program: string,
  args: string[],
  dir: string,
  port: number,
): Promise<WebServer> {
  const child = spawn(program, args, {
    cwd: dir,
    stdio: 'ignore',
    env: { PATH: `${process.env['PATH']}:/usr/sbin`, XDG_DATA_HOME: dir, XDG_CONFIG_HOME: dir },
  })
  await until(
    () =>
      fetch(`http://127.0.0.1:${port}/`).then(
        () => true,
        () => false,
      ),
    () => `${program} to answer`,
    20_000,
  )
  return { port, close: () => void child.kill('SIGTERM') }
}
