import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { join } from 'node:path'
import { freePort, until } from '../../supervise/start.ts'
import type { TorNet } from '../../support/tornet/start-network.ts'

/** A source's own tor, whose circuits can be broken. */
export interface ClientTor {
  readonly socksPort: number
  /**
   * Closes every circuit to an onion service, with all its streams. @returns the number of
   * circuits.
   */
  closeCircuits(): Promise<number>
  stop: () => Promise<void>
}

export async function startClientTor(net: TorNet, dir: string): Promise<ClientTor> {
  await mkdir(dir, { mode: 0o700 })
  const at = (name: string) => join(dir, name)
  const socksPort = await freePort()
  await writeFile(
    at('torrc'),
    [
      net.membership,
      `DataDirectory ${at('data')}`,
      `Log notice file ${at('log')}`,
      `SocksPort 127.0.0.1:${socksPort}`,
      `ControlSocket ${at('control')}`,
      'CookieAuthentication 0',
      `__OwningControllerProcess ${process.pid}`,
      '',
    ].join('\n'),
  )
  const child = spawn('tor', ['--quiet', '--defaults-torrc', at('none'), '-f', at('torrc')], {
    stdio: 'ignore',
  })
  const gone = once(child, 'exit')
  const stop = async (): Promise<void> => {
    child.kill('SIGTERM')
    await gone
  }
  const log = () => (existsSync(at('log')) ? readFileSync(at('log'), 'utf8') : '')
  await until(
    () => log().includes('Bootstrapped 100%'),
    () => `a tor to connect: ${log()}`,
    60_000,
  ).catch(async (error: unknown) => {
    await stop()
    throw error
  })
  return {
    socksPort,
    closeCircuits: () => closeCircuits(at('control')),
    stop,
  }
}

async function closeCircuits(controlPath: string): Promise<number> {
  const status = await ask(controlPath, ['GETINFO circuit-status'])
  const ids = [...status.matchAll(/^(\d+) BUILT .*PURPOSE=HS_CLIENT_REND/gm)].map(
    ([, id = '']) => id,
  )
  const answer = await ask(
    controlPath,
    ids.map((id) => `CLOSECIRCUIT ${id}`),
  )
  return answer.match(/^250 OK\r$/gm)?.length ?? 0
}

/** tor's control protocol, control-spec §3. @returns all replies except the one to the greeting. */
async function ask(controlPath: string, commands: readonly string[]): Promise<string> {
  const socket = connect(controlPath)
  socket.end(['AUTHENTICATE', ...commands, 'QUIT', ''].join('\r\n'))
  let text = ''
  for await (const piece of socket) text += String(piece)
  if (!text.startsWith('250 OK\r\n')) throw new Error(`tor refused the control connection: ${text}`)
  return text.slice('250 OK\r\n'.length)
}
