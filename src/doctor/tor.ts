import { stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { isOnionName } from '../../config/parsers.ts'
import { orNull } from '../disk/errno.ts'
import { doubtful, type Finding, well, wrong } from './finding.ts'
import { readText } from './read-text.ts'

const check = 'tor'

/**
 * Checks the socket that tor connects to, who may connect to it, and, if its `hostname` file is
 * given, the address that tor serves.
 */
export async function checkTor(options: {
  onionSocket: string | null
  hostnameFile: string | null
}): Promise<Finding[]> {
  const findings = [await checkSocket(options.onionSocket)]
  if (options.hostnameFile !== null) findings.push(await checkHostname(options.hostnameFile))
  return findings
}

async function checkSocket(path: string | null): Promise<Finding> {
  if (path === null) {
    return doubtful(
      check,
      'TUMEN_ONION_SOCKET is not set',
      'set it and let HiddenServicePort lead there; any local program can speak to a TCP port',
    )
  }
  const found = await orNull(stat(path))
  if (found === null)
    return wrong(
      check,
      'the socket of TUMEN_ONION_SOCKET is not there',
      'start Tumen, or set the path tor is configured for',
    )
  if (!found.isSocket())
    return wrong(check, 'what lies at TUMEN_ONION_SOCKET is no socket', 'choose another path')
  const folder = await stat(dirname(path))
  if ((found.mode & 0o002) !== 0 && (folder.mode & 0o001) !== 0) {
    return wrong(
      check,
      'every user of this machine may connect to its socket',
      `chmod o= ${dirname(path)}`,
    )
  }
  if ((folder.mode & 0o011) === 0) {
    return doubtful(
      check,
      `only user ${folder.uid} can reach its socket`,
      `if tor runs as another user: put the socket into a folder of a common group, mode 0750`,
    )
  }
  return well(check, `its socket is there, for user ${found.uid} and group ${found.gid}`)
}

async function checkHostname(path: string): Promise<Finding> {
  const name = (await readText(path))?.trim() ?? null
  if (name === null)
    return wrong(
      check,
      'the hostname file cannot be read',
      "name the one in tor's HiddenServiceDir, and run this as a user who may read it",
    )
  if (!isOnionName(name))
    return wrong(
      check,
      'the hostname file holds no version 3 onion address',
      'look at HiddenServiceDir in torrc',
    )
  return well(check, `its hostname file holds an onion address, ${name.slice(0, 8)}…`)
}
