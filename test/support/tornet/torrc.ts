/** The configuration of each tor in the private network, as lines of a torrc (tor's manual). */

/** Where one tor keeps its files and listens. */
export interface Place {
  readonly name: string
  readonly dir: string
  readonly orPort: number
  readonly dirPort: number
}

/** An onion service and the target of its connections. */
export interface OnionTarget {
  /** `127.0.0.1:PORT` or `unix:/path`, as in HiddenServicePort. */
  readonly target: string
  /** Whether each connection starts with a PROXY line that names its circuit. */
  readonly haproxy?: boolean
}

/** The `DirAuthority` line that makes a tor accept the consensus of this network's authority. */
export function authorityLine(
  place: Place,
  keys: { readonly v3ident: string; readonly fingerprint: string },
): string {
  return `DirAuthority ${place.name} orport=${place.orPort} v3ident=${keys.v3ident} 127.0.0.1:${place.dirPort} ${keys.fingerprint}`
}

/** The lines that every tor needs, whether ours or one under test, to belong to this network. */
export function membershipLines(authority: string): string[] {
  return [
    'TestingTorNetwork 1',
    authority,
    // All relays share one address; tor would otherwise put only one of them into a circuit.
    'EnforceDistinctSubnets 0',
    // A path needs most of the few relays that exist.
    'PathsNeededToBuildCircuits 0.67',
  ]
}

/** The process ends with `ownerPid`, so a test that is killed leaves no tor behind. */
export function processLines(place: Pick<Place, 'dir'>, ownerPid: number): string[] {
  return [
    `DataDirectory ${place.dir}/data`,
    `Log notice file ${place.dir}/log`,
    'ShutdownWaitLength 0',
    `__OwningControllerProcess ${ownerPid}`,
  ]
}

/**
 * A relay is neither an exit nor reachable from outside, so no circuit can leave this machine.
 */
export function relayLines(place: Place): string[] {
  return [
    `Nickname ${place.name}`,
    'Address 127.0.0.1',
    `ORPort 127.0.0.1:${place.orPort}`,
    'AssumeReachable 1',
    'ExitRelay 0',
    'ExitPolicy reject *:*',
    'SocksPort 0',
  ]
}

/**
 * One authority signs every consensus. The first one appears after seconds; later ones include the
 * relays that were too late for it.
 */
export function authorityLines(place: Place): string[] {
  return [
    `DirPort 127.0.0.1:${place.dirPort}`,
    'AuthoritativeDirectory 1',
    'V3AuthoritativeDirectory 1',
    'ContactInfo none@localhost.invalid',
    'TestingV3AuthInitialVotingInterval 5',
    'TestingV3AuthInitialVoteDelay 2',
    'TestingV3AuthInitialDistDelay 2',
    'V3AuthVotingInterval 20',
    'V3AuthVoteDelay 3',
    'V3AuthDistDelay 3',
    // Relays earn these flags by days of service; here they are trusted at once.
    'TestingDirAuthVoteGuard *',
    'TestingDirAuthVoteHSDir *',
  ]
}

/** A source's tor: one SOCKS port on loopback. */
export function clientLines(socksPort: number): string[] {
  return [`SocksPort 127.0.0.1:${socksPort}`, 'ClientOnly 1']
}

/** The folder of an onion service, which holds its keys and, once tor made it, its `hostname`. */
export function onionDir(host: Pick<Place, 'dir'>, name: string): string {
  return `${host.dir}/onion-${name}`
}

/** A tor that offers onion services and nothing else. */
export function serviceLines(
  host: Pick<Place, 'dir'>,
  onions: Readonly<Record<string, OnionTarget>>,
): string[] {
  return [
    'SocksPort 0',
    ...Object.entries(onions).flatMap(([name, { target, haproxy = false }]) => [
      `HiddenServiceDir ${onionDir(host, name)}`,
      `HiddenServicePort 80 ${target}`,
      ...(haproxy ? ['HiddenServiceExportCircuitID haproxy'] : []),
    ]),
  ]
}
