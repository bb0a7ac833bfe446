import { join } from 'node:path'
import { readOnionName } from '../../tor/address.ts'
import { TorError } from '../../tor/errors.ts'
import { sharedLayoutOf, torLayoutOf } from '../../tor/layout.ts'
import { addClient, listClients, removeClient } from '../../tor/ops-clients.ts'
import { requestOfTor } from '../../tor/requests.ts'
import { defineCommand } from '../frame/command.ts'
import type { CommandGroup } from '../frame/command.ts'
import type { CliContext } from '../frame/context.ts'
import { printJson, printLine, printNote, resolvePath } from '../frame/context.ts'
import { failure } from '../frame/errors.ts'

const defaultTorData = '/var/lib/tumen-tor'
/**
 * How long to wait for a new name; tor creates the keys of a new onion as soon as it has read its
 * configuration.
 */
const nameWaitMs = 30_000
const pollMs = 250

const options = {
  'tor-data': {
    type: 'string',
    value: 'DIR',
    about: `tor's data directory (default: ${defaultTorData})`,
  },
  json: { type: 'boolean', about: 'print JSON' },
} as const

const add = defineCommand({
  name: 'ops-onion add',
  summary: 'let an operator reach the dashboard over Tor',
  usage: 'NAME [--tor-data DIR]',
  help: `Run it as tor's user, where tor runs:

  docker compose exec tor /usr/local/lib/node bin/tumen.mjs ops-onion add NAME

The secret key is shown once and kept nowhere: give it to NAME over a safe channel. Tor Browser asks
for it when the address is opened.`,
  options,
  positionals: { min: 1, max: 1 },
  async run(context, values, [name = '']) {
    const layout = layoutFor(context, values['tor-data'])
    const { opsListen, torDir } = await context.settings()
    const secretKey = await explained(addClient(layout, name, opsListen))
    const address = (await askForReload(context, torDir))
      ? await waitForName(context, join(layout.ops, 'hostname'))
      : null
    if (values.json === true) printJson(context, { name, address, secret_key: secretKey })
    else {
      printLine(
        context,
        `address     ${address ?? '(tor is not running; see tumen ops-onion list once it is)'}`,
      )
      printLine(context, `secret key  ${secretKey}`)
      if (address !== null)
        printLine(
          context,
          `for tor's ClientOnionAuthDir, ${name}.auth_private:\n${address.slice(0, 56)}:descriptor:x25519:${secretKey}`,
        )
    }
    return 0
  },
})

const remove = defineCommand({
  name: 'ops-onion remove',
  summary: 'stop an operator from reaching the dashboard over Tor',
  usage: 'NAME [--tor-data DIR]',
  help: 'Connections that are open stay open until tor is restarted. When the last one is removed, the onion is closed.',
  options,
  positionals: { min: 1, max: 1 },
  async run(context, values, [name = '']) {
    await explained(removeClient(layoutFor(context, values['tor-data']), name))
    await askForReload(context, (await context.settings()).torDir)
    if (values.json === true) printJson(context, { removed: name })
    else printLine(context, `removed ${name}`)
    return 0
  },
})

const list = defineCommand({
  name: 'ops-onion list',
  summary: 'list who may reach the dashboard over Tor, and its address',
  usage: '[--tor-data DIR] [--json]',
  options,
  positionals: { min: 0, max: 0 },
  async run(context, values) {
    const layout = layoutFor(context, values['tor-data'])
    const names = await listClients(layout)
    const address = names.length === 0 ? null : await readOnionName(join(layout.ops, 'hostname'))
    if (values.json === true) printJson(context, { address, names })
    else {
      printLine(
        context,
        names.length === 0
          ? 'nobody: there is no onion for ops'
          : `address ${address ?? '(not made yet)'}`,
      )
      for (const name of names) printLine(context, name)
    }
    return 0
  },
})

export const command: CommandGroup = {
  name: 'ops-onion',
  summary: 'manage who may reach the dashboard over Tor',
  subcommands: [add, remove, list],
}

function layoutFor(context: CliContext, torData: string | undefined) {
  return torLayoutOf(torData === undefined ? defaultTorData : resolvePath(context, torData))
}

async function explained<T>(work: Promise<T>): Promise<T> {
  return await work.catch((error: NodeJS.ErrnoException) => {
    if (error instanceof TorError) throw failure(error.message, error)
    throw failure(
      `tor's data directory cannot be used (${error.code ?? 'unknown'}): run this as tor's user, where tor runs`,
      error,
    )
  })
}

async function askForReload(context: CliContext, torDir: string | null): Promise<boolean> {
  if (torDir === null)
    throw failure('TUMEN_TOR_DIR is not set: it names the folder that tor and ops share')
  return await requestOfTor(sharedLayoutOf(torDir).request, 'reload').then(
    () => true,
    () => {
      printNote(context, `tor could not be told (TUMEN_TOR_DIR, ${torDir}): restart it`)
      return false
    },
  )
}

async function waitForName(context: CliContext, path: string): Promise<string | null> {
  for (let waitedMs = 0; waitedMs < nameWaitMs; waitedMs += pollMs) {
    const name = await readOnionName(path)
    if (name !== null) return name
    await context.wait(pollMs)
  }
  return null
}
