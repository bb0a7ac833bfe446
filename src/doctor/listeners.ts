import { BlockList, isIP } from 'node:net'
import type { ListenAddress } from '../../config/parsers.ts'
import { TokenFileError, readTokenFile } from '../../config/token-file.ts'
import { doubtful, type Finding, well, wrong } from './finding.ts'

const check = 'listeners'

const loopback = new BlockList()
loopback.addSubnet('127.0.0.0', 8)
loopback.addAddress('::1', 'ipv6')

const inside = new BlockList()
for (const [net, bits] of [
  ['10.0.0.0', 8],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
  ['169.254.0.0', 16],
] as const)
  inside.addSubnet(net, bits)
for (const [net, bits] of [
  ['fc00::', 7],
  ['fe80::', 10],
] as const)
  inside.addSubnet(net, bits, 'ipv6')

type Reach = 'local' | 'inside' | 'public'

/** Checks that ops cannot be reached from outside, and that sources come through tor only. */
export function checkListeners({
  listen,
  opsListen,
  opsTokenFile,
}: {
  listen: ListenAddress
  opsListen: ListenAddress
  opsTokenFile: string | null
}): Finding[] {
  const findings: Finding[] = checkToken(opsTokenFile)
  const ops = reachOf(opsListen)
  if (ops === 'public')
    findings.push(
      wrong(
        check,
        'TUMEN_OPS_LISTEN can be reached from the public network',
        'listen on 127.0.0.1 or a unix socket, and go through ssh',
      ),
    )
  if (ops === 'inside')
    findings.push(
      doubtful(
        check,
        'TUMEN_OPS_LISTEN can be reached from other machines of this network',
        'listen on 127.0.0.1 or a unix socket, unless Prometheus must come in',
      ),
    )
  if (reachOf(listen) !== 'local') {
    findings.push(
      doubtful(
        check,
        'TUMEN_LISTEN can be reached without tor: the network then sees who sends',
        'listen on 127.0.0.1 or a unix socket, unless a proxy must come in',
      ),
    )
  }
  return findings.length > 0 ? findings : [well(check, 'they are for this machine alone')]
}

function checkToken(file: string | null): Finding[] {
  try {
    if (file !== null) readTokenFile(file)
    return []
  } catch (error) {
    if (!(error instanceof TokenFileError)) throw error
    return [wrong(check, error.message, 'ops does not start with it')]
  }
}

function reachOf(address: ListenAddress): Reach {
  if ('path' in address) return 'local'
  const { host } = address
  if (host === 'localhost') return 'local'
  const family = isIP(host) === 6 ? 'ipv6' : 'ipv4'
  // A host name may resolve to any address, and a wildcard includes every address of the machine.
  if (isIP(host) === 0) return 'public'
  if (loopback.check(host, family)) return 'local'
  return inside.check(host, family) ? 'inside' : 'public'
}
