import type { SocksProxy } from '../../net/connect-through.ts'
import type { CliContext } from '../frame/context.ts'
import { usageError } from '../frame/errors.ts'

/** The options of every command that speaks to an intake. */
export const intakeOptions = {
  to: {
    type: 'string',
    value: 'URL',
    about: 'address of the intake (default: the local TUMEN_LISTEN)',
  },
  socks5: {
    type: 'string',
    value: 'HOST:PORT',
    about: "Tor's SOCKS port; names are resolved by Tor",
  },
} as const

export interface IntakeAddress {
  url: URL
  socks: SocksProxy | null
}

/** @throws CliError `USAGE` for what is no address, and for an onion without Tor. */
export async function intakeAddress(
  context: CliContext,
  values: { readonly to?: string | undefined; readonly socks5?: string | undefined },
): Promise<IntakeAddress> {
  const socks = values.socks5 === undefined ? null : parseSocks(values.socks5)
  return { url: await intakeUrl(context, values.to, socks), socks }
}

async function intakeUrl(
  context: CliContext,
  to: string | undefined,
  socks: SocksProxy | null,
): Promise<URL> {
  const url =
    to === undefined
      ? await localIntake(context)
      : URL.parse(/^[a-z0-9]+:\/\//i.test(to) ? to : `http://${to}`)
  if (!url || !['http:', 'https:'].includes(url.protocol))
    throw usageError('--to must be an http address, such as http://….onion')
  if (url.hostname.endsWith('.onion') && !socks) {
    throw usageError(
      'an onion address needs Tor: add --socks5 127.0.0.1:9050 (or 9150 for Tor Browser)',
    )
  }
  return url
}

async function localIntake(context: CliContext): Promise<URL> {
  const { listen } = await context.settings()
  if ('path' in listen)
    throw usageError('TUMEN_LISTEN is a socket path: name the address with --to')
  return new URL(
    `http://${listen.host.includes(':') ? `[${listen.host}]` : listen.host}:${listen.port}`,
  )
}

function parseSocks(text: string): SocksProxy {
  const [, host, port] = /^(.+):(\d{1,5})$/.exec(text) ?? []
  if (host === undefined || Number(port) < 1 || Number(port) > 65535)
    throw usageError('--socks5 must be HOST:PORT, such as 127.0.0.1:9050')
  return { host: host.replace(/^\[|\]$/g, ''), port: Number(port) }
}
